import Daemon
import Testing

@Suite struct JSONTests {
  @Test func documentsSurviveWritingAndReading() throws {
    let value: JSONValue = [
      "state_root": "ab", "issuance_rao": .unsigned(.max), "low": .signed(.min), "share": .decimal(0.1), "none": .null,
      "neurons": [["uid": 0, "ok": true], [:], []], "text": "é😀\"\\\n\u{0}",
    ]
    #expect(try JSONValue(parsing: value.compactText) == value)
    #expect(try JSONValue(parsing: value.prettyText) == value)
    #expect(value["neurons"]?.list?.first?["uid"]?.unsigned == 0)
  }

  @Test func prettyTextIsIndented() {
    let value: JSONValue = ["a": 1, "b": [true], "c": []]
    #expect(value.prettyText == "{\n  \"a\": 1,\n  \"b\": [\n    true\n  ],\n  \"c\": []\n}\n")
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "-", "+1", "tru", "\"\n\"", "\"\\x\"", "\"\\ud800\"", "1 2",
    "\"\\udc00\"", "{1:2}", "1e999", "\"", "NaN", "[1}", "\"\\u12", "\"\\ud800\\u0041\"",
  ]) func otherTextIsRefused(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func deepNestingIsRefusedInsteadOfExhaustingTheStack() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
  }

  @Test func randomBytesNeverTrap() {
    let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsn \u{7F}é".utf8) + [0xFF, 0xC3]
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0..<24, using: &generator)).map { _ in alphabet.randomElement(using: &generator)!
      }
      if let value = try? JSONValue(parsing: bytes) {
        #expect((try? JSONValue(parsing: value.compactText)) == value)
      }
    }
  }
}
