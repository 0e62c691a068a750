import Glibc
public import Primitives

extension WeightPipeline {
  /// What a weight is made of.
  public struct Normalisation: Sendable {
    /// What it is as data.
    package enum Kind: Hashable, Sendable {
      case proportional, winnerTakesAll, custom
      case power(Double)
    }

    package let kind: Kind
    let apply: @Sendable ([NeuronAverage]) -> [Double]

    private init(_ kind: Kind, _ apply: @escaping @Sendable ([NeuronAverage]) -> [Double]) {
      self.kind = kind
      self.apply = apply
    }

    /// The average as it is. The default.
    public static let proportional = Normalisation(.proportional) { $0.map(\.average) }

    /// The average to a power: above 1 the best stand out, below 1 they stand back.
    ///
    /// - Precondition: The exponent is above zero and finite.
    public static func power(_ exponent: Double) -> Normalisation {
      precondition(exponent > 0 && exponent.isFinite, "An exponent is finite and above zero.")
      return Normalisation(.power(exponent)) { $0.map { pow($0.average, exponent) } }
    }

    /// All for the best: everybody below the highest average gets nothing.
    public static let winnerTakesAll = Normalisation(.winnerTakesAll) { averages in
      let best = averages.map(\.average).max() ?? 0
      return averages.map { $0.average == best ? 1 : 0 }
    }

    /// The author's own: one number an average, in the same order, finite and not negative.
    public static func custom(_ apply: @escaping @Sendable ([NeuronAverage]) -> [Double]) -> Normalisation {
      Normalisation(.custom, apply)
    }
  }

  /// Who gets no weight.
  public struct Exclusion: Sendable {
    /// One rule as data.
    package enum Rule: Hashable, Sendable {
      case below(Double), lowest(Double), hotkeys(Set<Hotkey>), custom
    }

    /// All of them; none excludes nobody.
    package let rules: [Rule]
    let apply: @Sendable ([NeuronAverage], [Double]) -> Set<UID>

    private init(_ rules: Rule..., apply: @escaping @Sendable ([NeuronAverage], [Double]) -> Set<UID>) {
      self.init(rules, apply)
    }

    private init(_ rules: [Rule], _ apply: @escaping @Sendable ([NeuronAverage], [Double]) -> Set<UID>) {
      self.rules = rules
      self.apply = apply
    }

    /// Nobody is left out. The default.
    public static let nobody = Exclusion { _, _ in [] }

    /// Whom this or another leaves out; both judge the same values.
    public func and(_ other: Exclusion) -> Exclusion {
      Exclusion(rules + other.rules) { averages, values in
        self.apply(averages, values).union(other.apply(averages, values))
      }
    }

    /// Whose value is below this share of the best one's.
    ///
    /// - Precondition: The share is in 0...1.
    public static func below(shareOfBest share: Double) -> Exclusion {
      precondition(share >= 0 && share <= 1, "A share of the best lies in 0...1.")
      return Exclusion(.below(share)) { averages, values in
        let best = values.max() ?? 0
        return Set(zip(averages, values).filter { $0.1 < share * best }.map { $0.0.uid })
      }
    }

    /// The lowest share of those with a value above zero, rounded down; among equals the higher uid goes first.
    ///
    /// - Precondition: The share is in 0..<1.
    public static func lowest(share: Double) -> Exclusion {
      precondition(share >= 0 && share < 1, "The lowest share lies in 0..<1.")
      return Exclusion(.lowest(share)) { averages, values in
        let ascending = zip(averages, values).filter { $0.1 > 0 }.sorted { ($0.1, $1.0.uid) < ($1.1, $0.0.uid) }
        return Set(ascending.prefix(Int(share * Double(ascending.count))).map { $0.0.uid })
      }
    }

    /// These hotkeys.
    public static func hotkeys(_ hotkeys: Set<Hotkey>) -> Exclusion {
      Exclusion(.hotkeys(hotkeys)) { averages, _ in Set(averages.filter { hotkeys.contains($0.hotkey) }.map(\.uid)) }
    }

    /// The author's own choice, by average and normalised value.
    public static func custom(
      _ apply: @escaping @Sendable (_ averages: [NeuronAverage], _ values: [Double]) -> Set<UID>
    ) -> Exclusion {
      Exclusion(.custom, apply: apply)
    }
  }
}

/// Something that a validator's weights could not be as asked, and what was done instead.
public struct WeightFallback: Hashable, Sendable, CustomStringConvertible {
  public let code: Code
  /// A sentence for the operator.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "\(code.name): \(message)" }

  /// What kind of fallback this is; an open set.
  public struct Code: Hashable, Sendable {
    /// Stable; it stands in logs and in the status.
    public let name: String

    public init(name: String) { self.name = name }

    /// Nobody has an average above zero; no weights are sent.
    public static let nothingToSay = Code(name: "nothing_to_say")
    /// A normalisation gave another number of values than of averages; the averages are taken.
    public static let wrongCount = Code(name: "wrong_count")
    /// A normalisation gave NaN, an infinity or a negative number for a miner, which counts as zero.
    public static let noNumber = Code(name: "no_number")
    /// A normalisation left nothing above zero; the averages are taken.
    public static let normalisedAway = Code(name: "normalised_away")
    /// An exclusion would leave nobody; nobody is excluded.
    public static let everybodyExcluded = Code(name: "everybody_excluded")
    /// So few miners cannot keep the clip; their weights are equal.
    public static let clipTooTight = Code(name: "clip_too_tight")
    /// The subnet wants more entries in a row; others are added with zero.
    public static let padded = Code(name: "padded")
    /// The subnet allows no such share for one miner; it is lowered.
    public static let limited = Code(name: "limited")
  }

  static func nothingToSay(of count: Int) -> WeightFallback {
    WeightFallback(.nothingToSay, "None of \(count) miners has an average above zero, so no weights are sent.")
  }

  static func wrongCount(_ count: Int, for expected: Int) -> WeightFallback {
    WeightFallback(
      .wrongCount, "The normalisation gave \(count) values for \(expected) miners; their averages are taken.")
  }

  static func noNumber(for uid: UID) -> WeightFallback {
    WeightFallback(.noNumber, "The normalisation gave no number of zero or more for uid \(uid), which counts as zero.")
  }

  static let normalisedAway = WeightFallback(
    .normalisedAway, "The normalisation left nothing above zero; the averages are taken.")

  static let everybodyExcluded = WeightFallback(
    .everybodyExcluded, "The exclusion would leave nobody, so nobody is excluded.")

  static func clipTooTight(_ clip: Double, for count: Int) -> WeightFallback {
    WeightFallback(.clipTooTight, "\(count) miners cannot all keep a share of \(clip); their weights are equal.")
  }
}
