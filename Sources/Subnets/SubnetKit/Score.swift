/// What one answer is worth, in 0...1, and why.
public struct Score: Hashable, Sendable {
  /// Finite and in 0...1.
  public let value: Double
  /// A few words for the log; empty when there is nothing to add.
  public let reason: String
  /// The number behind the score, in the subnet's own unit; nil where the score says it all.
  public let measure: Measure?

  /// The longest reason that is kept, in Unicode scalars.
  public static let reasonLengthLimit = 200

  public static let zero = Score(checked: 0, reason: "", measure: nil)
  public static let full = Score(checked: 1, reason: "", measure: nil)

  /// A worthless answer, with the reason.
  public static func zero(because reason: String) -> Score { Score(checked: 0, reason: reason, measure: nil) }

  /// Takes a value in 0...1.
  ///
  /// - Throws: `.invalidScore` for NaN and for anything outside 0...1.
  public init(
    _ value: Double, because reason: String = "", measuring measure: Measure? = nil
  ) throws(MechanismError) {
    guard value >= 0, value <= 1 else {
      throw MechanismError(.invalidScore, "A score is a number in 0...1, and this one is \(value).")
    }
    self.init(checked: value, reason: reason, measure: measure)
  }

  /// Takes any finite number and moves it to the nearest end of 0...1.
  ///
  /// - Throws: `.invalidScore` for NaN and the infinities: they show a mistake, not an extreme answer.
  public init(
    clamping value: Double, because reason: String = "", measuring measure: Measure? = nil
  ) throws(MechanismError) {
    guard value.isFinite else {
      throw MechanismError(.invalidScore, "A score is a finite number, and this one is \(value).")
    }
    self.init(checked: min(1, max(0, value)), reason: reason, measure: measure)
  }

  private init(checked value: Double, reason: String, measure: Measure?) {
    // Adding zero turns -0.0 into 0.0, so that equal scores have equal bits.
    self.value = value + 0
    self.reason = String(reason.unicodeScalars.prefix(Score.reasonLengthLimit))
    self.measure = measure
  }
}

extension Score {
  /// What an answer was measured at, for people: a validator tells its mean beside the score. It earns nothing by itself.
  public struct Measure: Hashable, Sendable {
    /// With its unit, as a column is headed: `bits per byte`.
    public let name: String
    /// Finite; at most ``valueLimit`` either way.
    public let value: Double

    /// The longest name that is kept, in Unicode scalars.
    public static let nameLengthLimit = 40
    /// The largest magnitude, so that sums of measures are exact enough and never overflow.
    public static let valueLimit = 1e12

    /// - Throws: `.invalidScore` for NaN, the infinities and what passes the limit.
    public init(_ name: String, _ value: Double) throws(MechanismError) {
      guard value.magnitude <= Measure.valueLimit else {
        throw MechanismError(
          .invalidScore, "A measure is a number of at most \(Measure.valueLimit) either way, and this one is \(value).")
      }
      self.name = String(name.unicodeScalars.prefix(Measure.nameLengthLimit))
      self.value = value
    }
  }
}
