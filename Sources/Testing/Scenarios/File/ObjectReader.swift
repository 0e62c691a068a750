import Daemon
import JSONText

/// Reads one object of a file whose keys are known, and says what is wrong with it in a sentence.
struct ObjectReader {
  let path: String
  /// What the object is, for messages: "a group of miners".
  let what: String
  let place: TextPlace
  let members: [JSON5Member]

  /// - Parameter keys: All that it may have; nil for names of the author's own.
  init(_ value: JSON5Value, _ what: String, keys: [String]?, path: String) throws(ScenarioFileError) {
    self.path = path
    self.what = what
    place = value.place
    guard case .object(let members) = value.content else {
      throw ScenarioFileError(path: path, place: value.place, "\(what) is an object { … }, and this is \(value.kind)")
    }
    self.members = members
    guard let keys else { return }
    for member in members where !keys.contains(member.name) {
      throw ScenarioFileError(
        path: path, place: member.place,
        hinted(
          "\(what) has no key '\(escapedText(member.name, limit: 80))'", near: nearestName(to: member.name, in: keys),
          allowed: "allowed: \(keys.joined(separator: ", "))"))
    }
  }

  func error(_ sentence: String, at place: TextPlace? = nil) -> ScenarioFileError {
    ScenarioFileError(path: path, place: place ?? self.place, sentence)
  }

  subscript(name: String) -> JSON5Value? { members.first { $0.name == name }?.value }

  func required(_ name: String) throws(ScenarioFileError) -> JSON5Value {
    guard let value = self[name] else { throw error("\(what) needs '\(name)'") }
    return value
  }

  /// The one key of `names` that is there; nil for none.
  func only(of names: [String]) throws(ScenarioFileError) -> JSON5Member? {
    let found = members.filter { names.contains($0.name) }
    guard found.count < 2 else {
      throw error("\(what) has both '\(found[0].name)' and '\(found[1].name)'; give one", at: found[1].place)
    }
    return found.first
  }
}

// Values.
extension ObjectReader {
  private func wanted(_ wanted: String, _ name: String, _ value: JSON5Value) -> ScenarioFileError {
    error("'\(name)' is \(value.kind); expected \(wanted)", at: value.place)
  }

  func text(_ name: String, _ value: JSON5Value) throws(ScenarioFileError) -> String {
    guard case .text(let text) = value.content, (1...4096).contains(text.utf8.count) else {
      throw wanted("a text", name, value)
    }
    return text
  }

  /// One text or a list of them.
  func texts(_ name: String, _ value: JSON5Value) throws(ScenarioFileError) -> [String] {
    guard case .list(let values) = value.content else { return [try text(name, value)] }
    guard !values.isEmpty else { throw wanted("a text or a list of texts", name, value) }
    var texts: [String] = []
    for value in values { texts.append(try text(name, value)) }
    return texts
  }

  func word(_ name: String, _ value: JSON5Value, of words: [String]) throws(ScenarioFileError) -> String {
    let text = try text(name, value)
    guard words.contains(text) else {
      throw error(
        hinted(
          "'\(name)' is '\(escapedText(text, limit: 80))'", near: nearestName(to: text, in: words),
          allowed: "expected \(alternatives(words))"), at: value.place)
    }
    return text
  }

  func whole<Number: FixedWidthInteger>(
    _ name: String, _ value: JSON5Value, in range: ClosedRange<Number>
  ) throws(ScenarioFileError) -> Number {
    guard case .integer(let wide) = value.content, let number = Number(exactly: wide), range.contains(number) else {
      throw wanted("a whole number from \(range.lowerBound) to \(range.upperBound)", name, value)
    }
    return number
  }

  func duration(
    _ name: String, _ value: JSON5Value, in range: ClosedRange<Duration>
  ) throws(ScenarioFileError) -> Duration {
    guard case .text(let text) = value.content, let duration = Duration(text: text), range.contains(duration) else {
      throw wanted(
        "a duration from '\(range.lowerBound.text)' to '\(range.upperBound.text)', such as '250ms' or '2s'", name, value
      )
    }
    return duration
  }

  /// A number of at least 0, or a percentage: `0.05` and `'5%'` are the same.
  func share(_ name: String, _ value: JSON5Value) throws(ScenarioFileError) -> Double {
    let number: Double? =
      switch value.content {
      case .integer(let whole): Double(whole)
      case .decimal(let text): Double(text)
      case .text(let text) where text.hasSuffix("%"): Double(text.dropLast().trimmed).map { $0 / 100 }
      default: nil
      }
    guard let number, number.isFinite, (0...1_000_000).contains(number) else {
      throw wanted("a share such as 0.05 or '5%'", name, value)
    }
    return number
  }

  func flag(_ name: String, _ value: JSON5Value) throws(ScenarioFileError) -> Bool {
    guard case .flag(let flag) = value.content else { throw wanted("true or false", name, value) }
    return flag
  }

  func list(_ name: String, _ value: JSON5Value) throws(ScenarioFileError) -> [JSON5Value] {
    guard case .list(let values) = value.content else { throw wanted("a list [ … ]", name, value) }
    return values
  }
}

/// A sentence, the name that was probably meant, and what is allowed.
private func hinted(_ sentence: String, near: String?, allowed: String) -> String {
  guard let near else { return "\(sentence); \(allowed)" }
  return "\(sentence); did you mean '\(near)'? \(allowed.prefix(1).uppercased())\(allowed.dropFirst())"
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = self
    while text.last == " " { text.removeLast() }
    while text.first == " " { text.removeFirst() }
    return text
  }
}

/// Words as a sentence has them: `a, b or c`.
func alternatives(_ words: [String]) -> String {
  guard words.count > 1, let last = words.last else { return words.joined() }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
