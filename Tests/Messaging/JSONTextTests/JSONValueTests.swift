import Primitives
import JSONText
import Testing

@Suite struct JSONValueTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-1", "18446744073709551615", "-9223372036854775808",
    "170141183460469231731687303715884105727", "340282366920938463463374607431768211455", "0.25", "1e3", "-2.5E-7",
    "\"\"", "[]", "{}", "[1,2,3]", "{\"b\":1,\"a\":[{\"c\":null}]}", "\"a\\\"b\\\\c\\n\\u0001é𝄞\"",
  ])
  func writingAndReadingAgainGivesTheSameText(text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(value.compactText == text)
    #expect(try JSONValue(parsing: value.prettyText) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "tru", "01", "-", "1.", ".5", "1e", "+1", "[1,]", "[1 2]", "[", "{\"a\"}", "{\"a\":1,}", "{a:1}",
    "{\"a\":1,\"a\":2}", "\"", "\"\\x\"", "\"\\ud800\"", "\"\u{1}\"", "1 2", "'a'", "\"\\u12\"",
  ])
  func malformedTextIsRefused(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
  }

  @Test func nestingStopsAtTheLimit() throws {
    let limit = JSONValue.depthLimit
    _ = try JSONValue(parsing: String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: String(repeating: "[", count: limit + 1) + String(repeating: "]", count: limit + 1))
    }
    #expect(error?.reason == .tooDeep)
  }

  @Test func randomBytesNeverTrapTheReader() {
    var generator = SplitMix64(seed: 7)
    let alphabet = Array("[]{}\",:0123456789.eE+-truefalsn \\u\u{80}".utf8)
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in alphabet.randomElement(using: &generator)!
      }
      if let value = try? JSONValue(parsing: bytes) {
        #expect(throws: Never.self) { try JSONValue(parsing: value.compactText) }
      }
    }
  }

  @Test func integersAreExactAndChecked() throws {
    let value = try JSONValue(parsing: "{\"large\":18446744073709551615,\"text\":\"-12\",\"part\":1.5}")
    #expect(try value.member("large").integer(UInt64.self) == .max)
    #expect(try value.member("text").integer(Int64.self) == -12)
    #expect(throws: JSONShapeError.self) { try value.member("large").integer(Int64.self) }
    #expect(throws: JSONShapeError.self) { try value.member("part").integer(Int64.self) }
    #expect(throws: JSONShapeError.missing(member: "none")) { try value.member("none") }
  }

  @Test func fixedNumbersKeepTheirDigits() {
    #expect(JSONValue.fixed(12345, digits: 3).compactText == "12.345")
    #expect(JSONValue.fixed(-7, digits: 2).compactText == "-0.07")
    #expect(JSONValue.fixed(9, digits: 0).compactText == "9")
  }

  @Test func prettyTextIndentsAndKeepsPlainListsOnOneLine() {
    let value: JSONValue = ["name": "a", "list": [1, 2], "rows": [[1], []]]
    #expect(
      value.prettyText == """
        {
          "name": "a",
          "list": [1,2],
          "rows": [
            [1],
            []
          ]
        }
        """)
  }
}
