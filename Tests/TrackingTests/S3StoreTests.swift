import Fixtures
import Foundation
import Testing

@testable import Tracking

/// A store with the interface of S3, beside the client of AWS for Python.
@Suite(.serialized, .enabled(if: Python.has("moto.server"), "needs the Python package moto[server]"))
struct S3StoreTests {
    @Test func filesAreStoredFetchedListedAndDeleted() async throws {
        let moto = try MotoProcess()
        defer { moto.stop() }
        _ = try moto.python(
            "s3.create_bucket(Bucket='finch', CreateBucketConfiguration={'LocationConstraint': 'eu-west-3'})")
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            let store = try moto.store("s3://finch/runs/1")
            for (path, count) in [
                ("a b/ü&<x>.bin", 300_000), ("empty", 0), ("model/model.gguf", 1), ("model/MLmodel", 5),
            ] {
                try pattern(count).write(to: URL(fileURLWithPath: file))
                try await store.put(file, as: path)
                #expect(try await store.bytes(path) == pattern(count))
            }
            #expect(try await store.list("") == ["a b/", "empty", "model/"])
            #expect(try await store.list("model") == ["model/MLmodel", "model/model.gguf"])
            #expect(try await store.list("a b") == ["a b/ü&<x>.bin"])
            #expect(try await store.list("nothing") == [])
            let seen = try moto.python(
                """
                for o in s3.list_objects_v2(Bucket='finch')['Contents']: print(o['Key'], o['Size'])
                s3.put_object(Bucket='finch', Key='runs/1/from python', Body=b'hello')
                for i in range(1005): s3.put_object(Bucket='finch', Key=f'runs/1/many/{i:04}', Body=b'')
                """)
            #expect(seen.contains("runs/1/a b/ü&<x>.bin 300000\n") && seen.contains("runs/1/model/model.gguf 1\n"))
            #expect(try await store.bytes("from python") == Data("hello".utf8))
            #expect(try await store.list("many").count == 1005)
            try await store.delete("empty")
            try await store.delete("empty")
            #expect(try await store.list("").contains("empty") == false)
            await #expect(throws: TrackingError.self) { _ = try await store.bytes("empty") }
            await #expect(throws: TrackingError.self) { _ = try await store.bytes("../2/x") }
        }
    }

    /// 66 MiB are five parts.
    @Test func aLargeFileIsStoredInPartsThatNobodyElseSees() async throws {
        let moto = try MotoProcess()
        defer { moto.stop() }
        _ = try moto.python(
            "s3.create_bucket(Bucket='finch', CreateBucketConfiguration={'LocationConstraint': 'eu-west-3'})")
        try await Workplace.withFolder { folder in
            let file = folder.appendingPathComponent("file").path
            var bytes = pattern(1 << 20)
            for _ in 0..<6 { bytes += bytes }
            bytes += pattern(2 << 20)
            try bytes.write(to: URL(fileURLWithPath: file))
            let store = try moto.store("s3://finch")
            try await store.put(file, as: "large")
            #expect(try await store.bytes("large") == bytes)
            let found = try moto.python(
                """
                import hashlib
                whole = s3.get_object(Bucket='finch', Key='large')
                print(whole['ETag'], whole['Metadata'].get('sha256') == hashlib.sha256(whole['Body'].read()).hexdigest())
                print(s3.list_multipart_uploads(Bucket='finch').get('Uploads'))
                """)
            #expect(found.contains("-5\" True\nNone\n"), "\(found)")
        }
    }

    @Test func theModelOfARunWhoseServerDoesNotServeArtifactsIsFetched() async throws {
        let moto = try MotoProcess()
        defer { moto.stop() }
        _ = try moto.python(
            """
            s3.create_bucket(Bucket='finch', CreateBucketConfiguration={'LocationConstraint': 'eu-west-3'})
            s3.put_object(Bucket='finch', Key='1/3c82/artifacts/model/finch.gguf', Body=b'a model')
            """)
        let run =
            #"{"run":{"info":{"run_id":"3c82","experiment_id":"1","artifact_uri":"s3://finch/1/3c82/artifacts"}}}"#
        let server = try FakeServer { _, _ in .init(body: run) }
        try await Workplace.withFolder { folder in
            let mlflow = try server.mlflow(moto.environment)
            let reference = try #require(try ModelReference("runs:/3c82/model"))
            let path = try await ModelFetcher(mlflow, cache: folder.path).fetch(reference)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "a model")
            let note = folder.appendingPathComponent("note").path
            try "hello".write(toFile: note, atomically: true, encoding: .utf8)
            try await mlflow.put(note, as: "notes/note.txt", in: try await mlflow.run("3c82"))
        }
        let found = try moto.python(
            "print(s3.get_object(Bucket='finch', Key='1/3c82/artifacts/notes/note.txt')['Body'].read())")
        #expect(found == "b'hello'\n")
        try await server.stop()
    }
}
