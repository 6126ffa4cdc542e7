#!/usr/bin/env python3
"""Writes what one root file system has and another has not, as an image layer.

difference.py BASE_TAR FULL_TAR OUT: OUT laid over BASE gives FULL. For two root file systems of the
same suite, so that an image with a few packages more shares the base layer. Nothing may be missing
in FULL: a layer without whiteouts cannot delete.
"""

import hashlib
import sys
import tarfile


def fingerprint(archive, member):
    content = ""
    if member.isreg():
        content = hashlib.file_digest(archive.extractfile(member), "sha256").hexdigest()
    return (member.type, member.mode, member.uid, member.gid, member.linkname, content)


def main(base_path, full_path, out_path):
    with tarfile.open(base_path) as base:
        known = {member.name: fingerprint(base, member) for member in base}
    with tarfile.open(full_path) as full, tarfile.open(
        out_path, "w", format=tarfile.PAX_FORMAT
    ) as out:
        missing = set(known)
        for member in full:
            missing.discard(member.name)
            if known.get(member.name) != fingerprint(full, member):
                out.addfile(member, full.extractfile(member) if member.isreg() else None)
    if missing:
        sys.exit(f"only in the base: {sorted(missing)[:5]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
