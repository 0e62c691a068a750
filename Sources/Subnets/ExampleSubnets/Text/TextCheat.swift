/// How a miner of ``Text`` may try to be paid without a belief of its own.
enum TextCheat: String, Choice {
  /// It says what its model believes.
  case none
  /// It gives every byte the same chance.
  case uniform
  /// It is certain of the most frequent byte, whatever the context.
  case frequent
  /// It is certain of its model's first choice.
  case overconfident

  /// Relative frequencies of the next byte. Shape: `[256]`.
  func frequencies(after context: [UInt8], in model: ContextModel) -> [UInt16] {
    switch self {
    case .none: model.frequencies(after: context)
    case .uniform: [UInt16](repeating: 1, count: 256)
    case .frequent: certainty(of: model.frequencies(after: []))
    case .overconfident: certainty(of: model.frequencies(after: context))
    }
  }
}

/// All of the chance for the most frequent byte; the lowest among equals. Shape: `[256]`.
private func certainty(of frequencies: [UInt16]) -> [UInt16] {
  let best = frequencies.max().flatMap { frequencies.firstIndex(of: $0) }
  return frequencies.indices.map { $0 == best ? 1 : 0 }
}
