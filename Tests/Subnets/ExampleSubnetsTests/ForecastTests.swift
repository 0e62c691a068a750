@testable import ExampleSubnets
import Glibc
import Primitives
import SubnetKit
import Testing

@Suite struct ForecastTests {
  /// A market without memory: in each block the price moves by up to 2 % either way.
  private static func market(seed: UInt64) -> @Sendable (BlockNumber) -> AlphaPool {
    var random = SeededRandom(seed: seed)
    var logPrice = 0.0
    let prices = (0..<2000).map { _ in
      logPrice += Double.random(in: -0.02...0.02, using: &random)
      return exp(logPrice)
    }
    return { block in
      AlphaPool(taoIn: Rao(UInt64(1e12 * prices[Int(block.value) % 2000])), alphaIn: 1_000_000_000_000)
    }
  }

  private func contest(_ miners: [[String]], seed: UInt64) -> Contest {
    var contest = Contest(Forecast.self, miners: miners)
    contest.pool = ForecastTests.market(seed: seed)
    contest.rounds = 200
    contest.warmUpRounds = 60
    return contest
  }

  /// Each cheat fails because of one guard, and earns when that is taken away: `persistence` because only the gain over
  /// the naive forecast counts, `late` because the truth lies after the answer, `gamble` because luck is averaged before
  /// it is paid, `wide` because the loss grows with the spread.
  @Test(arguments: ["persistence", "late", "gamble", "wide"], [1, 2, 3] as [UInt64])
  func aCheatEarnsNothingBesideAnHonestMiner(cheat: String, seed: UInt64) async throws {
    let earned = try await contest([[], ["cheat=\(cheat)"]], seed: seed).run()
    #expect(earned[0] > 0.03)
    #expect(earned[1] < cheatShareLimit * earned[0], "\(cheat): \(earned)")
  }

  /// Honest belief is the best answer: shifted, narrowed and widened forecasts of a known market cost more on average.
  @Test func nobodyPaysLessOnAverageThanWhoSaysWhatItBelieves() throws {
    func loss(shift: Double, scale: Double) throws -> Double {
      // The truth is spread evenly over -0.5...0.5, so the honest quantiles are the levels less one half.
      let values = QuantileForecast.levels.map { shift + scale * ($0 - 0.5) }
      let forecast = try #require(QuantileForecast(values))
      return (0..<1000).reduce(0) { $0 + forecast.loss(when: (Double($1) + 0.5) / 1000 - 0.5) } / 1000
    }
    let honest = try loss(shift: 0, scale: 1)
    for (shift, scale) in [(0.1, 1), (-0.1, 1), (0, 0), (0, 0.5), (0, 0.8), (0, 1.2), (0, 2)] as [(Double, Double)] {
      #expect(try loss(shift: shift, scale: scale) > honest * 1.01, "shift \(shift), scale \(scale)")
    }
  }

  @Test func aPointForecastCostsItsDistance() throws {
    let point = try #require(QuantileForecast([Double](repeating: 0.25, count: 9)))
    #expect(abs(point.loss(when: 0.75) - 0.5) < 1e-12)
    #expect(abs(point.loss(when: -0.25) - 0.5) < 1e-12)
    #expect(point.loss(when: 0.25) == 0)
  }

  @Test func theNaiveForecastGainsExactlyNothingWhateverComes() {
    let naive = Forecast.Quantiles(changes: [Double](repeating: 0, count: 9))
    for change in [-5, -0.3, 0, 1e-9, 0.02, 7] {
      #expect(abs(Forecast.gain(of: naive, change: change, meanMove: 0.01)) < 1e-12)
    }
  }

  @Test func whatIsNoForecastLosesTheMost() {
    let shapes: [[Double]] = [
      [], [0], [Double](repeating: 0, count: 8), [Double](repeating: 0, count: 10),
      [Double](repeating: 1.5, count: 9), [Double](repeating: -.infinity, count: 9),
      [Double](repeating: .nan, count: 9), [1, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
    for changes in shapes {
      #expect(Forecast.gain(of: .init(changes: changes), change: 0.01, meanMove: 0.01) == -2)
    }
  }

  @Test func aPriceThatNeverMovesPaysNobody() async throws {
    var contest = contest([[], ["cheat=persistence"]], seed: 1)
    contest.pool = { _ in AlphaPool(taoIn: Rao(2_000_000_000), alphaIn: 1_000_000_000) }
    #expect(try await contest.run() == [0, 0])
    contest.pool = { _ in .empty }
    #expect(try await contest.run() == [0, 0])
  }

  @Test func aValidatorThatStartsAnewKnowsHowWellEachForecast() async throws {
    var contest = contest([[], ["cheat=gamble"]], seed: 4)
    let earned = try await contest.run()
    contest.restart = 100
    #expect(try await contest.run() == earned)
  }

  @Test func aDamagedMemoryIsRefused() throws {
    let forecast = Forecast(try Forecast.setup(.validator))
    var memory = Forecast.Memory(samples: [], forecasters: [.init(hotkey: Contest.hotkey(1).bytes, entry: .init())])
    try forecast.restore(memory)
    #expect(forecast.checkpoint() == memory)
    memory.forecasters[0].entry.meanGain = 3
    #expect(throws: MechanismError.self) { try forecast.restore(memory) }
    memory.forecasters = [.init(hotkey: [], entry: .init())]
    #expect(throws: MechanismError.self) { try forecast.restore(memory) }
  }

  @Test func aDriftThatStandsOutIsForecast() throws {
    let rising = ForecastModel((0..<20).map { 0.01 + 0.0001 * Double($0 % 3) }).quantiles
    #expect(rising.allSatisfy { $0 > 0.009 && $0 < 0.012 })
    let noise = ForecastModel((0..<20).map { $0.isMultiple(of: 2) ? 0.01 : -0.01 }).quantiles
    #expect(noise[4] == 0)
    #expect(noise[0] < -0.009 && noise[8] > 0.009)
    #expect(QuantileForecast(rising) != nil && QuantileForecast(noise) != nil)
    #expect(ForecastModel([1, 2, 3]).quantiles.allSatisfy { $0 == 0 })
  }

  @Test func aHistoryKeepsOnlyNewsAndItsLength() {
    var history = PriceHistory()
    history.note(nil, at: 1)
    history.note(.nan, at: 1)
    history.note(-1, at: 1)
    #expect(history.samples.isEmpty)
    for block in 1...100 as ClosedRange<UInt64> {
      history.note(Double(block), at: block * 3)
      history.note(1, at: block * 3)
    }
    #expect(history.samples.count == PriceHistory.lengthLimit)
    #expect(history.samples.last?.logPrice == log(100))
    #expect(history.logPrice(from: 298) == log(100))
    #expect(history.logPrice(from: 301) == nil)
    // Four blocks on, the first sample that is not earlier is six blocks on.
    #expect(history.changes(over: 4).first == log(39) - log(37))
    #expect(history.changes(over: .max).isEmpty)
  }

  @Test func aMinerRefusesQuestionsThatAreNone() throws {
    let miner = Forecast(try Forecast.setup(.miner))
    let context = ForwardContext(
      caller: Contest.hotkey(1), uid: nil, block: BlockNumber(1), timeRemaining: .seconds(1))
    let questions: [Forecast.Question] = [
      .init(blocks: [1], prices: [], horizon: 4),
      .init(blocks: [1, 1], prices: [1, 1], horizon: 4),
      .init(blocks: [1], prices: [0], horizon: 4),
      .init(blocks: [1], prices: [.infinity], horizon: 4),
      .init(blocks: [1], prices: [1], horizon: 0),
      .init(blocks: [1], prices: [1], horizon: 1001),
      .init(blocks: (0..<65).map { $0 }, prices: [Double](repeating: 1, count: 65), horizon: 4),
    ]
    for question in questions {
      let error = #expect(throws: MechanismError.self) { try miner.forward(question, context) }
      #expect(error?.code == .malformedRequest)
    }
    let answer = try miner.forward(.init(blocks: [.max], prices: [.leastNonzeroMagnitude], horizon: 4), context)
    #expect(answer.changes == [Double](repeating: 0, count: 9))
  }

  @Test func aNewcomerForecastsForNothingAtFirst() {
    var book = ForecasterBook()
    let means = (1...10).map { book.note(1, of: Contest.hotkey(1), at: $0) }
    #expect(means.map { $0 != nil } == (1...10).map { $0 >= ForecasterBook.trialLength })
  }

  @Test func theBookForgetsWhomItScoredTheLongestAgo() {
    var book = ForecasterBook()
    for number in 0...ForecasterBook.capacity {
      let hotkey = Hotkey([UInt8(number / 256), UInt8(number % 256)] + [UInt8](repeating: 3, count: 30))!
      _ = book.note(1, of: hotkey, at: UInt64(number))
    }
    #expect(book.entries.count == ForecasterBook.capacity)
    #expect(book.entries[Hotkey([UInt8](repeating: 0, count: 2) + [UInt8](repeating: 3, count: 30))!] == nil)
  }
}
