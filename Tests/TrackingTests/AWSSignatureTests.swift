import Fixtures
import Foundation
import NIOHTTP1
import Testing

@testable import Tracking

/// Signatures of requests to S3.
@Suite struct AWSSignatureTests {
    private static let account = AWSAccount(
        key: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", token: nil)
    private static let day = Date(timeIntervalSince1970: 1_369_353_600)

    private func signature(_ headers: HTTPHeaders) -> (names: String, signature: String) {
        let value = headers.first(name: "Authorization") ?? ""
        let match = value.firstMatch(of: /SignedHeaders=([^,]*),Signature=([0-9a-f]{64})$/)
        return match.map { (String($0.1), String($0.2)) } ?? ("", "")
    }

    /// The examples of the Amazon S3 API Reference.
    @Test(arguments: [
        (
            "GET", "/test.txt", ["Range": "bytes=0-9"],
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        ),
        (
            "PUT", "/test%24file.text",
            [
                "Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY",
                "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            ], "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        ),
        ("GET", "/?lifecycle", [:], "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/?max-keys=2&prefix=J", [:], "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func theExamplesOfTheReferenceHaveTheirSignatures(
        method: String, path: String, headers: [String: String], expected: String
    ) throws {
        let url = try #require(URL(string: "https://examplebucket.s3.amazonaws.com\(path)"))
        let signed = AWSSignature(account: Self.account, region: "us-east-1").sign(
            HTTPMethod(rawValue: method), url, HTTPHeaders(headers.map { ($0, $1) }), at: Self.day)
        #expect(signature(signed).signature == expected)
        #expect(signed.first(name: "x-amz-date") == "20130524T000000Z")
        #expect(!"\(signed)".contains(Self.account.secret))
    }

    /// Paths and queries with every kind of character, and a token of a session.
    @Test(.enabled(if: Python.has("botocore"), "needs the Python package botocore"))
    func theClientOfAWSSignsTheSameWay() throws {
        let account = AWSAccount(key: "AKIDEXAMPLE", secret: "s/e+c=ret", token: "a/token+with=signs")
        let texts = ["a", "sp ace", "ü/ñ", "q?&=#%", "日本", "~-._", "'()*!", "+,;:@$"]
        let urls = texts.flatMap { text in
            ["http://h.example:9000/b/\(percentEncoded(text, slashes: true))", "http://h.example/b"]
                .map { "\($0)?list-type=2&prefix=\(percentEncoded(text))&uploads=&a=1" }
        }
        let found = try urls.map { text in
            let url = try #require(URL(string: text))
            return signature(
                AWSSignature(account: account, region: "eu-west-3").sign(
                    .PUT, url, ["x-amz-meta-a": "b c"], at: Self.day)
            )
            .signature
        }
        let expected = try Python.run(
            """
            import datetime, sys
            import botocore.auth as auth
            from botocore.awsrequest import AWSRequest
            from botocore.credentials import Credentials
            auth.get_current_datetime = lambda *a, **k: datetime.datetime(2013, 5, 24, tzinfo=datetime.timezone.utc)
            signer = auth.S3SigV4Auth(Credentials("AKIDEXAMPLE", "s/e+c=ret", "a/token+with=signs"), "s3", "eu-west-3")
            for url in sys.argv[1].split("\\n"):
                request = AWSRequest("PUT", url, headers={"x-amz-meta-a": "b c"}, data=b"")
                signer.add_auth(request)
                print(request.headers["Authorization"].split("Signature=")[1])
            """, urls.joined(separator: "\n"))
        #expect(expected.split(separator: "\n").map(String.init) == found)
    }

    @Test func keysComeFromTheEnvironmentAndThenFromAProfile() throws {
        try Workplace.withFolder { folder in
            let (credentials, config) = ("\(folder.path)/credentials", "\(folder.path)/config")
            try """
            # keys
            [default]
            aws_access_key_id = KEY0
            aws_secret_access_key=SECRET0=
            [work]
            aws_access_key_id=KEY1
            aws_secret_access_key=SECRET1
            aws_session_token=TOKEN1
            """.write(toFile: credentials, atomically: true, encoding: .utf8)
            try """
            [default]
            region = eu-west-1
            [profile work]
            region=us-west-2
            endpoint_url = https://all.example.com
            s3 =
                endpoint_url = https://minio.example.com:9000
                addressing_style = virtual
            ca_bundle = /certs.pem
            """.write(toFile: config, atomically: true, encoding: .utf8)
            let files = ["AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_CONFIG_FILE": config]
            let plain = try AWSConfiguration(files)
            #expect(plain.account == AWSAccount(key: "KEY0", secret: "SECRET0=", token: nil))
            #expect(plain.region == "eu-west-1" && plain.endpoint == nil && plain.addressing == nil)
            let work = try AWSConfiguration(files.merging(["AWS_PROFILE": "work"]) { $1 })
            #expect(work.account == AWSAccount(key: "KEY1", secret: "SECRET1", token: "TOKEN1"))
            #expect(work.region == "us-west-2" && work.endpoint == "https://minio.example.com:9000")
            #expect(work.addressing == "virtual" && work.certificates == "/certs.pem")
            #expect(try S3Place(bucket: "b", work).base.absoluteString == "https://b.minio.example.com:9000")
            let named = try AWSConfiguration(
                files.merging([
                    "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "", "AWS_REGION": "r",
                    "AWS_CA_BUNDLE": "/other.pem", "AWS_ENDPOINT_URL": "http://h:1/x/",
                ]) { $1 })
            #expect(named.account == AWSAccount(key: "K", secret: "S", token: nil))
            #expect(named.region == "r" && named.certificates == "/other.pem")
            #expect(try S3Place(bucket: "b", named).url("a b/c").absoluteString == "http://h:1/x/b/a%20b/c")
            #expect(throws: TrackingError.self) { try AWSConfiguration(files.merging(["AWS_PROFILE": "other"]) { $1 }) }
        }
    }

    @Test(arguments: [
        ("finch", "https://finch.s3.eu-west-3.amazonaws.com/a"),
        ("fin.ch", "https://s3.eu-west-3.amazonaws.com/fin.ch/a"),
    ])
    func aBucketOfAWSIsAHostUnlessItsNameHasPoints(bucket: String, expected: String) throws {
        let configuration = try AWSConfiguration(["AWS_REGION": "eu-west-3", "HOME": "/nowhere"])
        #expect(try S3Place(bucket: bucket, configuration).url("a").absoluteString == expected)
    }
}
