"""A file system whose files are like the objects of a bucket: they are written once and never changed.

    bucket.py FOLDER MOUNT

The files lie in FOLDER and appear at MOUNT, until the process ends or MOUNT is unmounted. A file can be created and
written from its start until it is first synchronized or closed. After that, it can be read and deleted, but writing to
it fails. There are no hard links, and no file is renamed onto another one.
"""
import errno
import os
import sys

import mfusepy as fuse


class Bucket(fuse.Operations):
    use_ns = True

    def __init__(self, folder):
        self.folder = folder
        self.unfinished = {}

    def _path(self, name):
        return self.folder + name

    def getattr(self, path, fh=None):
        status = os.lstat(self._path(path))
        names = ("st_mode", "st_nlink", "st_size", "st_uid", "st_gid", "st_ino")
        values = {name: getattr(status, name) for name in names}
        return values | {name: getattr(status, f"{name}_ns") for name in ("st_atime", "st_mtime", "st_ctime")}

    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self._path(path))]

    def mkdir(self, path, mode):
        os.mkdir(self._path(path), mode)

    def rmdir(self, path):
        os.rmdir(self._path(path))

    def unlink(self, path):
        os.unlink(self._path(path))

    def link(self, target, source):
        raise fuse.FuseOSError(errno.EOPNOTSUPP)

    def rename(self, old, new, flags=0):
        if os.path.exists(self._path(new)):
            raise fuse.FuseOSError(errno.EEXIST)
        os.rename(self._path(old), self._path(new))

    def create(self, path, mode, fi=None):
        handle = os.open(self._path(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        self.unfinished[handle] = 0
        return handle

    def open(self, path, flags):
        if flags & os.O_ACCMODE != os.O_RDONLY:
            raise fuse.FuseOSError(errno.EOPNOTSUPP)
        return os.open(self._path(path), os.O_RDONLY)

    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    def write(self, path, data, offset, fh):
        if self.unfinished.get(fh) != offset:
            raise fuse.FuseOSError(errno.EOPNOTSUPP)
        count = os.pwrite(fh, data, offset)
        self.unfinished[fh] = offset + count
        return count

    def truncate(self, path, length, fh=None):
        raise fuse.FuseOSError(errno.EOPNOTSUPP)

    def fsync(self, path, datasync, fh):
        self.unfinished.pop(fh, None)
        os.fsync(fh)

    def flush(self, path, fh):
        if self.unfinished.get(fh):
            del self.unfinished[fh]

    def utimens(self, path, times=None):
        os.utime(self._path(path), ns=times)

    def release(self, path, fh):
        self.unfinished.pop(fh, None)
        os.close(fh)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.split("\n\n")[1].strip())
    fuse.FUSE(Bucket(sys.argv[1]), sys.argv[2], foreground=True, nothreads=True, fsname="bucket", subtype="bucket")
