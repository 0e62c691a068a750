import Glibc
public import SubnetKit

/// Predictive text modelling: miners say which byte comes next, validators know which one came.
///
/// A validator draws contexts from the held-out part of its corpus and keeps the bytes that follow them. A miner
/// answers with one distribution over the 256 bytes for each context. The score falls with the bits that its
/// distributions need for the true bytes, so the best answer is the miner's honest belief.
///
/// Both roles read the same public folder unless told otherwise, and the split is public too: this example relies on
/// miners that train on the training part only. Validators who want to be sure give `corpus` a folder of their own.
public struct Text: IncentiveMechanism {
  public static let name = "text"
  public static let summary = "miners predict the next byte of real text"

  /// The miner's choice: how far its model looks back.
  public static let order = MechanismOption.integer(
    "k", default: 3, in: 0...8, "miner: bytes of context that the model uses")
  public static let corpus = MechanismOption.path(
    "corpus", default: "/usr/share/common-licenses", "folder of text files")
  public static let contextCount = MechanismOption.integer(
    "contexts", default: 16, in: 1...contextCountLimit, "validator: contexts in a task")
  public static let sharpness = MechanismOption.number(
    "sharpness", default: 4, in: 1...10, "validator: power that sets good models apart")
  static let cheat = MechanismOption.choice("cheat", default: TextCheat.none, "miner: how it cheats")
  public static let options = OptionTable(order, corpus, contextCount, sharpness, cheat)

  /// The most contexts that a miner answers in one request.
  public static let contextCountLimit = 64
  /// The most bytes that a context has.
  public static let contextLengthLimit = 64
  /// The share of the score that the slowest answer loses: enough to break a tie, too little to pay for a worse model.
  public static let latencyShare = 0.01
  /// The probability that a byte has at least, whatever the miner says: no single surprise decides a round.
  ///
  /// The guard against false certainty: a byte that was ruled out costs four times what guessing costs. Whoever leaves
  /// each byte a frequency of 1 never comes near it.
  public static let probabilityFloor = 1.0 / 4_294_967_296

  /// What forecasts are measured in; uniform guessing takes 8.
  static let unit = "bits per byte"

  /// The texts to continue.
  public struct Question: Codable, Hashable, Sendable {
    /// 1 to 64 contexts of at most 64 bytes, as they stand in the text.
    public var contexts: [[UInt8]]

    public init(contexts: [[UInt8]]) { self.contexts = contexts }
  }

  /// What a miner believes.
  public struct Forecast: Codable, Hashable, Sendable {
    /// For each context the relative frequency of each next byte. Shape: `[contexts][256]`.
    public var frequencies: [[UInt16]]

    public init(frequencies: [[UInt16]]) { self.frequencies = frequencies }
  }

  private enum Role {
    case miner(ContextModel, TextCheat)
    case validator(heldOut: [[UInt8]], contextCount: Int, sharpness: Double)
  }

  private let role: Role

  public init(_ setup: MechanismSetup) throws {
    let corpus = try Corpus(folder: setup[Self.corpus], for: setup.role)
    switch setup.role {
    case .miner:
      role = .miner(ContextModel(order: setup[Self.order], text: corpus.training), setup[Self.cheat])
    case .validator:
      role = .validator(
        heldOut: corpus.heldOut, contextCount: setup[Self.contextCount], sharpness: setup[Self.sharpness])
    }
  }

  /// Draws contexts from the held-out text; the bytes that follow them stay here.
  public func task(_ round: Round, random: inout SeededRandom) throws -> Challenge<Question, [UInt8]> {
    guard case .validator(let heldOut, let contextCount, _) = role else {
      throw MechanismError(.failed, "Only a validator sets tasks.")
    }
    var contexts: [[UInt8]] = []
    var nextBytes: [UInt8] = []
    for _ in 0..<contextCount {
      let block = heldOut[Int.random(in: heldOut.indices, using: &random)]
      let position = Int.random(in: Text.contextLengthLimit..<block.count, using: &random)
      contexts.append(Array(block[position - Text.contextLengthLimit..<position]))
      nextBytes.append(block[position])
    }
    return Challenge(Question(contexts: contexts), expecting: nextBytes)
  }

  /// Predicts the byte after each context.
  public func forward(_ question: Question, _ context: ForwardContext) throws -> Forecast {
    guard case .miner(let model, let cheat) = role else { throw MechanismError(.failed, "Only a miner answers.") }
    guard question.contexts.count <= Text.contextCountLimit,
      question.contexts.allSatisfy({ $0.count <= Text.contextLengthLimit })
    else {
      throw MechanismError(
        .malformedRequest,
        "A request has at most \(Text.contextCountLimit) contexts of at most \(Text.contextLengthLimit) bytes.")
    }
    return Forecast(frequencies: question.contexts.map { cheat.frequencies(after: $0, in: model) })
  }

  /// Scores `((8 - bits per byte) / 8) ^ sharpness`, less up to 1 % for latency.
  ///
  /// The guard against answers without a model: only what is better than uniform guessing, 8 bits a byte, earns.
  public func score(
    _ forecasts: [Answer<Forecast>], for challenge: Challenge<Question, [UInt8]>, _ context: ScoreContext
  ) throws -> [Score] {
    guard case .validator(_, _, let sharpness) = role else {
      throw MechanismError(.failed, "Only a validator scores.")
    }
    return try forecasts.map { forecast in
      guard let bits = Text.bitsPerByte(of: forecast.response, for: challenge.expected) else {
        return .zero(because: "malformed distributions")
      }
      let quality = max(0, (8 - bits) / 8)
      let value = pow(quality, sharpness) * (1 - Text.latencyShare * context.share(of: forecast.latency))
      return try Score(
        clamping: value, because: "\((bits * 1000).rounded() / 1000) \(Text.unit)",
        measuring: Score.Measure(Text.unit, bits))
    }
  }

  /// The bits that a forecast spends on each true byte, on average; 8 for uniform guessing.
  ///
  /// - Returns: In 0...32, or nil when there is not one distribution of 256 entries with a sum above zero for each byte.
  static func bitsPerByte(of forecast: Forecast, for nextBytes: [UInt8]) -> Double? {
    guard !nextBytes.isEmpty, forecast.frequencies.count == nextBytes.count else { return nil }
    var bits = 0.0
    for (frequencies, nextByte) in zip(forecast.frequencies, nextBytes) {
      let sum = frequencies.reduce(0) { $0 + Int($1) }
      guard frequencies.count == 256, sum > 0 else { return nil }
      bits -= log2(max(probabilityFloor, Double(frequencies[Int(nextByte)]) / Double(sum)))
    }
    return bits / Double(nextBytes.count)
  }
}
