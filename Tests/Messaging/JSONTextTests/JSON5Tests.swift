import Primitives
import JSONText
import Testing

/// JSON5 as people write it, and what they are told when they slip.
@Suite struct JSON5Tests {
  @Test func everythingThatJSON5AddsIsRead() throws {
    let text = """
      // A comment.
      {
        plain: 1, 'single': "double", "esc\\u0061pe": 'it\\'s \\x41\\n', /* between */ $_x1: null,
        hex: 0xFF, negative: -0x10, plus: +7, lead: .5, trail: 5., power: 1e-3, inf: -Infinity, nan: NaN,
        list: [true, false, ],
        long: 'one \\
      line', größe: 3,
      }
      """
    let value = try JSON5Value(parsing: text).plain
    #expect(value["plain"] == 1)
    #expect(value["single"] == "double")
    #expect(value["escape"] == "it's A\n")
    #expect(value["$_x1"] == JSONText.JSONValue.null)
    #expect(value["hex"] == 255)
    #expect(value["negative"] == -16)
    #expect(value["plus"] == 7)
    #expect(value["lead"] == .decimal("0.5"))
    #expect(value["trail"] == .decimal("5"))
    #expect(value["power"] == .decimal("1e-3"))
    #expect(value["inf"] == .decimal("-inf"))
    #expect(value["nan"] == .decimal("nan"))
    #expect(value["list"] == [true, false])
    #expect(value["long"] == "one line")
    #expect(value["größe"] == 3)
  }

  @Test func plainJSONMeansTheSame() throws {
    let text = #"{"a":[1,-2,0.25,1e3,"x\u00e9\ud83d\ude00",null,true],"b":{"c":{}}}"#
    #expect(try JSON5Value(parsing: text).plain == JSONText.JSONValue(parsing: text))
  }

  @Test func everyValueKnowsItsPlace() throws {
    let value = try JSON5Value(parsing: "{\r\n  a: [1,\n   'x'],\n}")
    guard case .object(let members) = value.content, case .list(let list) = members[0].value.content else {
      Issue.record("no object with a list")
      return
    }
    #expect(members[0].place == TextPlace(line: 2, column: 3))
    #expect(list.map(\.place) == [TextPlace(line: 2, column: 7), TextPlace(line: 3, column: 4)])
  }

  @Test(arguments: [
    ("", "1:1: the text ends here; expected a value"),
    ("{a 1}", "1:4: found '1'; expected ':' after the name 'a'"),
    ("{\n a: 1\n b: 2}", "3:2: found 'b'; expected ',' or '}'"),
    ("{a: 1, a: 2}", "1:8: 'a' is given twice, first at 1:2"),
    ("[1 2]", "1:4: found '2'; expected ',' or ']'"),
    ("honest", "1:1: found honest; expected a value; a text stands in quotes: 'honest'"),
    ("{a: 012}", "1:5: this is no number"), ("[.]", "1:2: this is no number"), ("[0x]", "1:2: this is no number"),
    ("[1e]", "1:2: this is no number"), ("[-Inf]", "1:2: this is no number"),
    ("'open", "1:1: this text has no end; a text ends on its own line, with the quote that it began with"),
    ("'a\nb'", "1:1: this text has no end; a text ends on its own line, with the quote that it began with"),
    ("'\\1'", "1:2: this escape is none of \\' \\\" \\\\ \\b \\f \\n \\r \\t \\v \\0 \\xHH \\uHHHH"),
    ("'\\ud800x'", "1:2: this escape is none of \\' \\\" \\\\ \\b \\f \\n \\r \\t \\v \\0 \\xHH \\uHHHH"),
    ("{} /* open", "1:4: this comment has no end: */"), ("{} {}", "1:4: something follows the document"),
    ("[,]", "1:2: found ','; expected a value"), ("{,}", "1:2: found ','; expected a name or '}'"),
  ])
  func aSlipIsToldWithItsPlace(text: String, message: String) {
    let error = #expect(throws: JSON5Error.self) { try JSON5Value(parsing: text) }
    #expect(error?.description == message)
  }

  @Test func deepNestingIsRefused() {
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: JSON5Error.self) { try JSON5Value(parsing: deep) }
    #expect(error?.reason == .tooDeep)
  }

  @Test func randomBytesNeverTrap() {
    var random = SplitMix64(seed: 40)
    let alphabet = Array("{}[]:,'\"\\/*ux01.-+eInfNa \n\u{2028}é".unicodeScalars)
    for _ in 0..<3000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<40, using: &random) { text.append(alphabet.randomElement(using: &random)!) }
      _ = try? JSON5Value(parsing: String(text))
      _ = try? JSON5Value(parsing: (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }
}
