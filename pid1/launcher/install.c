/* `launcher install <dir>`: this binary and the extension's scripts for the main container. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"

static bool failed(const char *path)
{
    fprintf(stderr, "launcher: install: %s: %s\n", path, strerror(errno));
    return false;
}

static bool copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (in < 0 || fstat(in, &info) != 0) {
        return failed(from);
    }
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
    ssize_t sent = -1;
    off_t left = info.st_size;
    while (out >= 0 && left > 0 && (sent = sendfile(out, in, NULL, (size_t)left)) > 0) {
        left -= sent;
    }
    bool ok = out >= 0 && left == 0 && fchmod(out, info.st_mode & 0777) == 0 && fsync(out) == 0;
    close(in);
    if (out >= 0) {
        ok = close(out) == 0 && ok;
    }
    return ok || failed(to);
}

static bool copy_link(const char *from, const char *to)
{
    char target[PATH_MAX];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0) {
        return failed(from);
    }
    target[length] = 0;
    return symlink(target, to) == 0 || failed(to);
}

static bool join(char *out, const char *dir, const char *name)
{
    if (snprintf(out, PATH_MAX, "%s/%s", dir, name) < PATH_MAX) {
        return true;
    }
    errno = ENAMETOOLONG;
    return failed(dir);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool copy_tree(const char *from, const char *to)
{
    DIR *dir = opendir(from);
    struct dirent *entry;
    bool ok = dir != NULL && (mkdir(to, 0755) == 0 || errno == EEXIST);
    if (!ok) {
        failed(from);
    }
    while (ok && (entry = readdir(dir)) != NULL) {
        char source[PATH_MAX], target[PATH_MAX];
        struct stat info;
        if (is_dots(entry->d_name)) {
            continue;
        }
        ok = join(source, from, entry->d_name) && join(target, to, entry->d_name)
            && (lstat(source, &info) == 0 || failed(source));
        if (ok) {
            ok = S_ISDIR(info.st_mode) ? copy_tree(source, target)
                : S_ISLNK(info.st_mode) ? copy_link(source, target)
                                        : copy_file(source, target);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return ok;
}

static bool remove_tree(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        return errno == ENOENT || failed(path);
    }
    if (!S_ISDIR(info.st_mode)) {
        return unlink(path) == 0 || failed(path);
    }
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool ok = dir != NULL;
    while (ok && (entry = readdir(dir)) != NULL) {
        char inner[PATH_MAX];
        ok = is_dots(entry->d_name) || (join(inner, path, entry->d_name) && remove_tree(inner));
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return ok && (rmdir(path) == 0 || failed(path));
}

static bool install_binary(const char *dir)
{
    char bin[PATH_MAX], fresh[PATH_MAX], final[PATH_MAX];
    if (!join(bin, dir, "bin") || !join(fresh, bin, ".launcher.new")
        || !join(final, bin, "launcher")) {
        return false;
    }
    if (mkdir(bin, 0755) != 0 && errno != EEXIST) {
        return failed(bin);
    }
    /* A rename, because the old one may be somebody's running program (ETXTBSY). */
    return copy_file("/proc/self/exe", fresh)
        && (chmod(fresh, 0755) == 0 || failed(fresh))
        && (rename(fresh, final) == 0 || failed(final));
}

static bool install_extension(const char *from, const char *dir)
{
    char fresh[PATH_MAX], old[PATH_MAX], final[PATH_MAX];
    if (access(from, F_OK) != 0) {
        return true;
    }
    if (!join(fresh, dir, ".extension.new") || !join(old, dir, ".extension.old")
        || !join(final, dir, "extension")) {
        return false;
    }
    if (!remove_tree(fresh) || !remove_tree(old) || !copy_tree(from, fresh)) {
        return false;
    }
    if (rename(final, old) != 0 && errno != ENOENT) {
        return failed(final);
    }
    return (rename(fresh, final) == 0 || failed(final)) && remove_tree(old);
}

int main_install(int argc, char **argv)
{
    if (argc != 1 && argc != 2) {
        fputs("usage: launcher install <dir> [<extension's main directory>]\n", stderr);
        return 64;
    }
    umask(022);
    if (mkdir(argv[0], 0755) != 0 && errno != EEXIST) {
        failed(argv[0]);
        return 73;
    }
    const char *extension = argc == 2 ? argv[1] : "/opt/extension/main";
    return install_binary(argv[0]) && install_extension(extension, argv[0]) ? 0 : 73;
}
