import Glibc
import Primitives
public import SubnetKit

/// Forecasts of what this subnet's alpha will cost some blocks ahead; the chain tells the truth when they have passed.
///
/// A miner answers with nine quantiles of the change of the price. The validator keeps the answers with the task, and
/// scores them when the block has come: nobody can answer a question whose truth is known.
///
/// What counts is the gain over the naive forecast "nothing changes", averaged over a miner's forecasts; only then it
/// is turned into a score. So the best answer is the miner's honest belief, and its spread.
public struct Forecast: IncentiveMechanism {
  public static let name = "forecast"
  public static let summary = "miners forecast the price of the subnet's alpha"

  public static let horizon = MechanismOption.integer(
    "horizon", default: 4, in: 1...horizonLimit, "validator: blocks from a question to its truth")
  static let cheat = MechanismOption.choice("cheat", default: ForecastCheat.none, "miner: how it cheats")
  public static let options = OptionTable(horizon, cheat)

  /// The farthest that is asked for, in blocks.
  public static let horizonLimit = 1000
  /// A single forecast gains or loses at most so many times what the price moves on average.
  public static let gainLimit = 2.0

  /// What the price was, and when it is to be forecast for.
  public struct Question: Codable, Hashable, Sendable {
    /// The blocks of `prices`, ascending; the last is the one that the change counts from. At most 64.
    public var blocks: [UInt64]
    /// TAO for one alpha.
    public var prices: [Double]
    /// Blocks from the last price to the one to forecast, 1 to 1000.
    public var horizon: UInt64
  }

  /// What a miner believes.
  public struct Quantiles: Codable, Hashable, Sendable {
    /// Of the natural logarithm of the price's change, at the chances 1/18, 3/18 … 17/18. Shape: `[9]`, ascending,
    /// each in -1...1.
    public var changes: [Double]

    public init(changes: [Double]) { self.changes = changes }
  }

  /// What a question is judged by.
  public struct Basis: Codable, Hashable, Sendable {
    /// The logarithm of the price that the change counts from.
    var logPrice: Double
    /// The block of the truth.
    var block: UInt64
    /// How far the price moved over the same number of blocks, on average, before the question.
    var meanMove: Double
  }

  private let horizon: UInt64
  private let cheat: ForecastCheat
  private let learnt: Locked<Learnt>

  /// What a validator has seen.
  struct Learnt: Sendable {
    var history = PriceHistory()
    var book = ForecasterBook()
  }

  public init(_ setup: MechanismSetup) {
    horizon = UInt64(setup[Self.horizon])
    cheat = setup[Self.cheat]
    learnt = Locked(Learnt())
  }

  /// Asks about the price some blocks ahead.
  ///
  /// The guard against forecasts of the past: the answers are held here, sealed, until the block has come.
  public func task(_ round: Round, random: inout SeededRandom) -> Challenge<Question, Basis> {
    let history = learnt.withLock { learnt in
      learnt.history.note(round.pool.price, at: round.block.value)
      return learnt.history
    }
    let question = Question(
      blocks: history.samples.map(\.block), prices: history.samples.map { exp($0.logPrice) }, horizon: horizon)
    let basis = Basis(
      logPrice: history.samples.last?.logPrice ?? 0, block: (history.samples.last?.block ?? 0) &+ horizon,
      meanMove: history.meanMove(over: horizon))
    return Challenge(question, expecting: basis, scoredAfter: horizon)
  }

  /// Forecasts from the prices in the question alone.
  public func forward(_ question: Question, _ context: ForwardContext) throws -> Quantiles {
    guard let history = PriceHistory(blocks: question.blocks, prices: question.prices),
      (1...UInt64(Forecast.horizonLimit)).contains(question.horizon)
    else {
      throw MechanismError(
        .malformedRequest,
        "A question has at most \(PriceHistory.lengthLimit) prices above zero at ascending blocks, and a horizon of 1 "
          + "to \(Forecast.horizonLimit) blocks.")
    }
    return Quantiles(changes: cheat.changes(after: history, horizon: question.horizon))
  }

  public func score(
    _ answers: [Answer<Quantiles>], for challenge: Challenge<Question, Basis>, _ context: ScoreContext
  ) throws -> [Score] {
    let basis = challenge.expected
    let means: [Double?]? = learnt.withLock { learnt in
      learnt.history.note(context.pool.price, at: context.block.value)
      guard basis.meanMove > 0, let logPrice = learnt.history.logPrice(from: basis.block) else { return nil }
      return answers.map { answer in
        let gain = Forecast.gain(of: answer.response, change: logPrice - basis.logPrice, meanMove: basis.meanMove)
        return learnt.book.note(gain, of: answer.miner, at: context.block.value)
      }
    }
    guard let means else {
      return answers.map { _ in .zero(because: "the price had not moved: there was nothing to know") }
    }
    // The guard against gambles: luck and bad luck are averaged before anything is paid, so that a rare hit does not
    // pay for the misses around it.
    return try means.map { mean in
      guard let mean else { return .zero(because: "on trial: \(ForecasterBook.trialLength) forecasts without pay") }
      return try Score(clamping: mean, because: "mean gain \((mean * 1000).rounded() / 1000)")
    }
  }

  /// The score is a mean already, so the validator's own average need not smooth it much more.
  public var policy: MechanismPolicy { MechanismPolicy(averaging: MovingAverage(share: 0.3, decay: .untouched)) }

  /// What a forecast spared against the naive one, in units of the price's mean move.
  ///
  /// The guard against copies of the present price: they are the naive forecast and gain 0, whatever comes. The unit
  /// was known when the question was asked and the naive loss is the same for all, so the gain is as proper as the loss.
  ///
  /// - Returns: In -2...2; the worst for what is no forecast.
  static func gain(of quantiles: Quantiles, change: Double, meanMove: Double) -> Double {
    guard let forecast = QuantileForecast(quantiles.changes) else { return -gainLimit }
    let limit = QuantileForecast.valueLimit
    let truth = min(limit, max(-limit, change))
    let gain = (abs(truth) - forecast.loss(when: truth)) / meanMove
    return min(gainLimit, max(-gainLimit, gain))
  }
}

extension Forecast {
  /// What outlives a restart: the prices seen and how well each miner forecast.
  public struct Memory: Codable, Hashable, Sendable {
    var samples: [PriceHistory.Sample]
    var forecasters: [Known]

    /// One miner, as the book knows it.
    struct Known: Codable, Hashable, Sendable {
      var hotkey: [UInt8]
      var entry: ForecasterBook.Entry
    }
  }

  public func checkpoint() -> Memory {
    learnt.withLock { learnt in
      Memory(
        samples: learnt.history.samples,
        forecasters: learnt.book.entries.sorted { $0.key < $1.key }.map { .init(hotkey: $0.key.bytes, entry: $0.value) }
      )
    }
  }

  public func restore(_ memory: Memory) throws {
    var entries: [Hotkey: ForecasterBook.Entry] = [:]
    for known in memory.forecasters {
      guard let hotkey = Hotkey(known.hotkey), abs(known.entry.meanGain) <= Forecast.gainLimit,
        (0...ForecasterBook.trialLength).contains(known.entry.forecastCount)
      else {
        throw MechanismError(.missingInput, "What forecast remembered is damaged.")
      }
      entries[hotkey] = known.entry
    }
    learnt.withLock { learnt in
      learnt = Learnt(history: PriceHistory(samples: memory.samples), book: ForecasterBook(entries: entries))
    }
  }
}
