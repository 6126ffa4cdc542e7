#!/usr/bin/env python3
"""Writes a container image as a docker-archive of several layers, without Docker.

archive.py --name REF --out FILE --layer TAR [--layer TAR...] [--config JSON]

FILE - writes nothing. The same layers and configuration give the same bytes. Layers are shared between images because a
layer's name is the digest of its content. Prints the image's configuration digest, the name under
which Kubernetes knows it, unless the archive itself goes to standard output. Format: https://github.com/moby/docker-image-spec (v1.3).
"""

import argparse
import hashlib
import io
import json
import pathlib
import platform
import tarfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def digest(path):
    """The sha256 of a layer, remembered beside it: layers have hundreds of megabytes."""
    layer = pathlib.Path(path)
    memory = layer.with_name(layer.name + ".sha256")
    if memory.exists() and memory.stat().st_mtime_ns >= layer.stat().st_mtime_ns:
        return memory.read_text().strip()
    with open(layer, "rb") as source:
        value = hashlib.file_digest(source, "sha256").hexdigest()
    memory.write_text(value + "\n")
    return value


def entry(name, size):
    info = tarfile.TarInfo(name)
    info.size = size
    return info


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--layer", action="append", required=True)
    parser.add_argument("--config", default="{}")
    arguments = parser.parse_args()

    digests = [digest(layer) for layer in arguments.layer]
    config = json.dumps(
        {
            "architecture": ARCHITECTURES[platform.machine()],
            "os": "linux",
            "created": "1970-01-01T00:00:00Z",
            "config": json.loads(arguments.config),
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + d for d in digests]},
            "history": [
                {"created": "1970-01-01T00:00:00Z", "created_by": pathlib.Path(layer).name}
                for layer in arguments.layer
            ],
        },
        sort_keys=True,
    ).encode()
    config_digest = hashlib.sha256(config).hexdigest()
    manifest = json.dumps(
        [
            {
                "Config": config_digest + ".json",
                "RepoTags": [arguments.name],
                "Layers": [d + "/layer.tar" for d in digests],
            }
        ]
    ).encode()

    if arguments.out == "-":
        print("sha256:" + config_digest)
        return
    # "w|" is for pipes: it never seeks.
    with tarfile.open(arguments.out, "w|", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(entry(config_digest + ".json", len(config)), io.BytesIO(config))
        archive.addfile(entry("manifest.json", len(manifest)), io.BytesIO(manifest))
        for layer, layer_digest in dict(zip(arguments.layer, digests)).items():
            with open(layer, "rb") as source:
                size = pathlib.Path(layer).stat().st_size
                archive.addfile(entry(layer_digest + "/layer.tar", size), source)
    if arguments.out != "/dev/stdout":
        print("sha256:" + config_digest)


if __name__ == "__main__":
    main()
