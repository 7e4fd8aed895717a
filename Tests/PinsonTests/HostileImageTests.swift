import Fixtures
import Foundation
import Testing

/// `check` and `image inspect` of images that were made to cost much.
@Suite(.enabled(if: Workplace.hasBinaries && Python.has("tarfile"), "needs the binaries of `make build`, and Python"))
struct HostileImageTests {
    /// Writes a tar with an image, whose layer has the given files of zeros.
    private func image(_ files: [(path: String, size: Int)], copies: Int = 1, in folder: URL) throws -> String {
        let path = folder.appendingPathComponent("hostile.tar").path
        let list = files.map { "\($0.path):\($0.size)" }.joined(separator: ",")
        let script = """
            import gzip, hashlib, io, json, sys, tarfile
            def name(b): return 'sha256:' + hashlib.sha256(b).hexdigest()
            class Zeros(io.RawIOBase):
                def __init__(self, count): self.count = count
                def read(self, count):
                    count = min(count, self.count); self.count -= count; return bytes(count)
            raw = io.BytesIO()
            with gzip.GzipFile(fileobj=raw, mode='wb', mtime=0) as g, tarfile.open(fileobj=g, mode='w|') as t:
                for entry in sys.argv[2].split(','):
                    info = tarfile.TarInfo(entry.split(':')[0]); info.size = int(entry.split(':')[1])
                    t.addfile(info, Zeros(info.size))
            layer = raw.getvalue(); copies = int(sys.argv[3])
            config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'config': {'Entrypoint': ['/function']},
                                 'rootfs': {'type': 'layers', 'diff_ids': [name(layer)] * copies}}).encode()
            kind = 'application/vnd.oci.image.'
            def entry(b, k): return {'mediaType': kind + k, 'digest': name(b), 'size': len(b)}
            manifest = json.dumps({'schemaVersion': 2, 'mediaType': kind + 'manifest.v1+json',
                                   'config': entry(config, 'config.v1+json'),
                                   'layers': [entry(layer, 'layer.v1.tar+gzip')] * copies}).encode()
            index = json.dumps({'schemaVersion': 2, 'manifests': [entry(manifest, 'manifest.v1+json')]}).encode()
            with tarfile.open(sys.argv[1], 'w') as t:
                for path, b in [('index.json', index)] + [('blobs/sha256/' + name(b)[7:], b) for b in (config, manifest, layer)]:
                    info = tarfile.TarInfo(path); info.size = len(b); t.addfile(info, io.BytesIO(b))
            """
        _ = try Python.run(script, path, list, "\(copies)")
        return path
    }

    /// Runs pinson, which may not write a file of more than 80 MB.
    private func limited(_ arguments: [String]) throws -> Program.Result {
        try Program.run(
            try #require(Program.find("bash")),
            ["-c", "trap '' XFSZ; ulimit -f 80000; exec \"$@\"", "bash", Workplace.binary("pinson").path] + arguments)
    }

    @Test func aModelThatGrowsAThousandTimesIsNotWritten() throws {
        try Workplace.withFolder { folder in
            let tar = try image([("model/model.gguf", 1 << 30)], in: folder)
            #expect(try FileManager.default.attributesOfItem(atPath: tar)[.size] as? Int ?? 0 < 2_000_000)
            for options in [[], ["--run"]] {
                let result = try limited(["check", tar, "--budget", "unpacked=1GB"] + options)
                #expect(result.status == 1, "\(options): \(result.output) \(result.error)")
            }
            // The file has its full size, but most of it takes no space, so the limit of this process does not apply.
            let estimate = try Program.run(
                Workplace.binary("pinson"), ["check", tar, "--budget", "unpacked=1GB", "--estimate"])
            #expect(estimate.status == 2)
            #expect(estimate.error.contains("its model cannot be served"), "\(estimate.error)")
        }
    }

    @Test func anImageThatUnpacksWithoutAnEndIsAnError() throws {
        try Workplace.withFolder { folder in
            // 400 layers of 64 MB each, which are stored once.
            let tar = try image([("zeros", 64 << 20)], copies: 400, in: folder)
            for command in [["check", tar, "--target", "fly"], ["image", "inspect", tar]] {
                let result = try limited(command)
                #expect(result.status == 2)
                #expect(result.error.contains("the image unpacks to more than 17179869184 bytes"), "\(result.error)")
            }
        }
    }
}
