/// What one answer is worth, in 0...1, and why.
public struct Score: Hashable, Sendable {
  /// Finite and in 0...1.
  public let value: Double
  /// A few words for the log; empty when there is nothing to add.
  public let reason: String

  /// The longest reason that is kept, in Unicode scalars.
  public static let reasonLengthLimit = 200

  public static let zero = Score(checked: 0, reason: "")
  public static let full = Score(checked: 1, reason: "")

  /// A worthless answer, with the reason.
  public static func zero(because reason: String) -> Score { Score(checked: 0, reason: reason) }

  /// Takes a value in 0...1.
  ///
  /// - Throws: `.invalidScore` for NaN and for anything outside 0...1.
  public init(_ value: Double, because reason: String = "") throws(MechanismError) {
    guard value >= 0, value <= 1 else {
      throw MechanismError(.invalidScore, "A score is a number in 0...1, and this one is \(value).")
    }
    self.init(checked: value, reason: reason)
  }

  /// Takes any finite number and moves it to the nearest end of 0...1.
  ///
  /// - Throws: `.invalidScore` for NaN and the infinities: they show a mistake, not an extreme answer.
  public init(clamping value: Double, because reason: String = "") throws(MechanismError) {
    guard value.isFinite else {
      throw MechanismError(.invalidScore, "A score is a finite number, and this one is \(value).")
    }
    self.init(checked: min(1, max(0, value)), reason: reason)
  }

  private init(checked value: Double, reason: String) {
    // Adding zero turns -0.0 into 0.0, so that equal scores have equal bits.
    self.value = value + 0
    self.reason = String(reason.unicodeScalars.prefix(Score.reasonLengthLimit))
  }
}
