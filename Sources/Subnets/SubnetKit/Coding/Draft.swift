/// One value of a message while `Codable` fills it in.
///
/// A class, because `Codable` hands out containers and writes to them later.
final class Draft {
  private enum State {
    case empty
    case value(MessageValue)
    case array([Draft])
    case map([String: Draft])
  }

  private var state = State.empty
  private let depth: Int
  private let depthLimit: Int

  init(depth: Int, depthLimit: Int) {
    self.depth = depth
    self.depthLimit = depthLimit
  }

  /// The finished tree. A value that wrote nothing has no properties: an empty map.
  var finished: MessageValue {
    switch state {
    case .empty: return .map([])
    case .value(let value): return value
    case .array(let elements): return .array(elements.map(\.finished))
    case .map(let entries):
      let sorted = entries.sorted { precedes($0.key, $1.key) }
      return .map(sorted.map { MessageValue.Entry(key: $0.key, value: $0.value.finished) })
    }
  }

  func fill<Value: Encodable>(with value: Value, path: [any CodingKey]) throws {
    guard depth <= depthLimit else { throw MessageError(.tooDeep, "limit \(depthLimit) levels") }
    if let packed = try packed(value) {
      state = .value(packed)
    } else {
      try value.encode(to: DraftEncoder(draft: self, codingPath: path))
    }
  }

  func set(_ value: MessageValue) { state = .value(value) }

  func becomeArray() {
    if case .array = state { return }
    guard case .empty = state else { preconditionFailure("A value asked its encoder for two kinds of container.") }
    state = .array([])
  }

  func becomeMap() {
    if case .map = state { return }
    guard case .empty = state else { preconditionFailure("A value asked its encoder for two kinds of container.") }
    state = .map([:])
  }

  var elementCount: Int {
    if case .array(let elements) = state { elements.count } else { 0 }
  }

  func appendElement() -> Draft {
    let element = Draft(depth: depth + 1, depthLimit: depthLimit)
    if case .array(var elements) = state {
      state = .empty  // So that the array is not copied.
      elements.append(element)
      state = .array(elements)
    }
    return element
  }

  func setEntry(_ key: String) -> Draft {
    let entry = Draft(depth: depth + 1, depthLimit: depthLimit)
    if case .map(var entries) = state {
      state = .empty  // So that the dictionary is not copied.
      entries[key] = entry
      state = .map(entries)
    }
    return entry
  }
}

/// A place in an array, as a coding key.
struct IndexKey: CodingKey {
  let index: Int
  init(_ index: Int) { self.index = index }
  init?(intValue: Int) { self.index = intValue }
  init?(stringValue: String) { nil }
  var intValue: Int? { index }
  var stringValue: String { String(index) }
}

/// The key that `superEncoder()` uses by convention.
struct SuperKey: CodingKey {
  init() {}
  init?(intValue: Int) { nil }
  init?(stringValue: String) { nil }
  var intValue: Int? { nil }
  var stringValue: String { "super" }
}
