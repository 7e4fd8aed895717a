import Fixtures
import Testing

@Suite(.enabled(if: FuzzSeeds.areWanted, "only `make fuzz` needs seeds"))
struct FuzzSeedTests {
    @Test func theFuzzerOfJSONStartsWithEveryKindOfValue() throws {
        try FuzzSeeds.write(
            "JSON",
            [
                #"{"text":"So late again","parameters":{"top_k":2,"raw":true,"none":null}}"#,
                #"{"inputs":["a","é","😀"],"n":[0,-1,0.5,1e3,-2.5E-7,123456789012345678]}"#,
                #" [ "a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude0d\u0000" , [ [ ] , { } ] ] "#,
                #"{"a":1,"a":{"a":[{"a":[[[[[[]]]]]]}]}}"#,
            ])
    }
}
