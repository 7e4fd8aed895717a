import Fixtures
import Testing

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    /// The byte before a file says that its columns have their usual names.
    @Test func theFuzzerOfCSVStartsWithEveryFormat() throws {
        try FuzzSeeds.write(
            "CSV", prefix: [0],
            [
                "\u{FEFF}text,id,label\ngood,1,positive\n\"so \"\"late\"\",\nagain\",2,negative\r\n\n",
                "\"0\",\"1\",\"Mon\",\"NO_QUERY\",\"me\",\"bad, bad\"\n\"4\",\"2\",\"Tue\",\"q\",\"me\",\"good\"\n",
                "{\"text\": \"a\", \"label\": \"negative\"}\n\n{\"text\": \"b\\nc\"}\n",
                "label,text\r\nnegative,a \"b\" c\r\npositive,\"\"\r\n",
            ])
    }
}
