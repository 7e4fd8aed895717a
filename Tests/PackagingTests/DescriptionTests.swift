import Fixtures
import Foundation
import ModelFile
import Testing

@testable import Packaging

/// What a model file says about its model.
@Suite struct DescriptionTests {
    private func pack(_ readme: String?, _ description: ModelDescription = ModelDescription()) throws
        -> ModelDescription
    {
        try Workplace.withFolder { folder in
            let checkpoint = try TinyCheckpoint(in: folder.appendingPathComponent("tiny"))
            if let readme { try Data(readme.utf8).write(to: checkpoint.folder.appendingPathComponent("README.md")) }
            var options = Packer.Options(maxTokens: 32)
            options.description = description
            let output = folder.appendingPathComponent("m.gguf").path
            _ = try Packer.pack(checkpoint.folder.path, into: output, options)
            return try ModelDescription(ModelFile(path: output).metadata)
        }
    }

    @Test func theOptionsAreWrittenUnderTheStandardKeys() throws {
        var description = ModelDescription()
        description.version = "1.2"
        description.text = "Tweets, as \"positive\" or not"
        description.source = "https://example.com/model"
        description.license = "mit"
        let found = try pack("---\nlicense: apache-2.0\nlanguage: fr\n---\n", description)
        #expect(found.version == "1.2")
        #expect(found.text == description.text)
        #expect(found.source == description.source)
        #expect(found.license == "MIT")
        #expect(found.languages == ["fr"])
        #expect(found.name == "tiny")
    }

    @Test func nothingIsWrittenThatNobodyStates() throws {
        let found = try pack(nil)
        #expect(found.version == nil && found.text == nil && found.source == nil && found.license == nil)
        #expect(found.languages.isEmpty)
    }

    @Test(
        arguments: [
            (
                "---\nlicense: apache-2.0\nlanguage:\n- en\n- fr\ntags:\n- x\n---\n# Model\n", "apache-2.0",
                ["en", "fr"]
            ),
            ("---\r\nlicense: \"mit\"  # free\r\nlanguage: [en, 'no']\r\n---\r\n", "mit", ["en", "no"]),
            (
                "---\nlanguage:\n  - multilingual\nlicense: other\nlicense_name: my-license\n---", "my-license",
                ["multilingual"]
            ),
            ("---\nlicense: other\n---\n", nil, []), ("---\nlicense: mit\n", nil, []), ("license: mit\n", nil, []),
            ("---\nmodel:\n  license: mit\n---\n", nil, []), ("", nil, []), ("---", nil, []),
            ("---\nlicense: \u{1B}[31mmit\nlanguage: [\u{1B}, en, \"a b\"]\n---\n", nil, ["en"]),
        ] as [(String, String?, [String])])
    func theFrontMatterOfTheReadmeIsRead(readme: String, license: String?, languages: [String]) {
        let found = FrontMatter(readme)
        #expect(found.license == license)
        #expect(found.languages == languages)
    }

    @Test func aLicenceGetsTheSpellingOfSPDX() {
        #expect(LicenseIdentifier.spdx("cc-by-nc-sa-4.0") == "CC-BY-NC-SA-4.0")
        #expect(LicenseIdentifier.spdx("Apache-2.0") == "Apache-2.0")
        #expect(LicenseIdentifier.spdx("my-license") == "my-license")
    }
}
