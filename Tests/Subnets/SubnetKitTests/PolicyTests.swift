import Primitives
import SubnetKit
import Testing

/// Neurons with stake in the order of their uids.
private func neurons(_ stakes: [UInt64], permits: Set<Int> = []) -> [Neuron] {
  stakes.enumerated().map { index, stake in
    Neuron(
      uid: UID(UInt16(index)), hotkey: Hotkey([UInt8](repeating: UInt8(index + 1), count: 32))!, stake: Rao(stake),
      validatorPermit: permits.contains(index))
  }
}

@Suite struct SamplingTests {
  private let ten = neurons([UInt64](repeating: 1, count: 10))

  @Test func everybodyIsAskedWhenThereIsRoom() {
    var random = SeededRandom(seed: 1)
    #expect(Sampling.uniform(limit: 10).choose(from: ten, random: &random) == ten)
  }

  @Test func aUniformSampleIsFairAndInTheOrderOfUids() {
    var counts = [UID: Int]()
    for stream in 0..<2000 as Range<UInt64> {
      var random = SeededRandom(seed: 5, stream: stream)
      let sample = Sampling.uniform(limit: 3).choose(from: ten, random: &random)
      #expect(sample.count == 3 && sample.map(\.uid) == sample.map(\.uid).sorted())
      for neuron in sample { counts[neuron.uid, default: 0] += 1 }
    }
    // 600 each on average; five standard deviations are about 100.
    #expect(counts.count == 10 && counts.values.allSatisfy { (500...700).contains($0) }, "\(counts)")
  }

  /// Fails when a limit that the operator lowered takes the first miners instead of any.
  @Test func aLoweredLimitStaysFair() {
    var sampling = Sampling.uniform()
    sampling.limit = 1
    var seen: Set<UID> = []
    for stream in 0..<200 as Range<UInt64> {
      var random = SeededRandom(seed: 5, stream: stream)
      seen.formUnion(sampling.choose(from: ten, random: &random).map(\.uid))
    }
    #expect(seen.count == 10)
  }

  @Test func anOwnChoiceIsHeldToTheCandidatesAndTheLimit() {
    let stranger = neurons([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])[10]
    let sampling = Sampling.custom(limit: 2) { candidates, _ in
      [stranger, candidates[7], candidates[7], candidates[2], candidates[1]]
    }
    var random = SeededRandom(seed: 1)
    #expect(sampling.choose(from: ten, random: &random).map(\.uid) == [UID(2), UID(7)])
  }
}

@Suite struct AdmissionTests {
  @Test func everybodyIsAnsweredUnlessToldOtherwise() {
    #expect(neurons([0]).allSatisfy { Admission().refusal(of: $0) == nil })
  }

  @Test func eachRuleRefusesByName() {
    let all = neurons([5, 500], permits: [1])
    let admissions: [(Admission, Admission.Refusal.Code)] = [
      (Admission(denied: [all[0].hotkey]), .denied), (Admission(permitRequired: true), .permitRequired),
      (Admission(minimumStake: Rao(6)), .stakeTooSmall),
      (Admission { $0.uid == UID(0) ? "not today" : nil }, .ownRule),
    ]
    for (admission, code) in admissions {
      #expect(admission.refusal(of: all[0])?.code == code)
      #expect(admission.refusal(of: all[1]) == nil)
    }
  }

  @Test func anOperatorCanOnlyMakeAnAdmissionStricter() {
    let all = neurons([5, 500, 9])
    let own = Admission(denied: [all[1].hotkey], minimumStake: Rao(9)) { $0.uid == UID(2) ? "odd" : nil }
    for both in [own.and(Admission()), Admission().and(own)] {
      #expect(all.map { both.refusal(of: $0)?.code } == [.stakeTooSmall, .denied, .ownRule])
    }
    let stricter = own.and(Admission(minimumStake: Rao(3)) { _ in "nobody" })
    #expect(stricter.minimumStake == Rao(9))
    #expect(stricter.refusal(of: neurons([10])[0])?.message == "nobody")
  }
}

@Suite struct PriorityTests {
  @Test func theHigherStakeComesFirstAndNoNumberComesLast() {
    let all = neurons([5, 500])
    #expect(Priority.stake.rank(of: all[1]) > Priority.stake.rank(of: all[0]))
    #expect(Priority.arrival.rank(of: all[1]) == Priority.arrival.rank(of: all[0]))
    #expect(Priority { _ in .nan }.rank(of: all[0]) == -.infinity)
  }
}

@Suite struct WeightPipelineTests {
  private func averages(_ values: [Double]) -> [NeuronAverage] {
    zip(neurons(values.map { _ in 0 }), values).map {
      NeuronAverage(uid: $0.uid, hotkey: $0.hotkey, average: $1)
    }
  }

  private func weights(_ outcome: WeightOutcome, count: Int) -> [Int] {
    var row = [Int](repeating: 0, count: count)
    for weight in outcome.weights { row[Int(weight.uid.value)] = Int(weight.weight) }
    return row
  }

  @Test func byDefaultWeightsAreInProportionToTheBestAndZerosAreLeftOut() {
    let outcome = WeightPipeline().weights(of: averages([0.25, 0.5, 0, 1e-9]).reversed())
    #expect(
      outcome.weights == [MinerWeight(uid: UID(0), weight: 32768), MinerWeight(uid: UID(1), weight: 65535)])
    #expect(outcome.fallbacks.isEmpty)
  }

  @Test func nothingIsSaidWhenNobodyScored() {
    let outcome = WeightPipeline().weights(of: averages([0, 0]))
    #expect(outcome.weights.isEmpty)
    #expect(outcome.fallbacks.map(\.code) == [.nothingToSay])
  }

  @Test func aPowerSetsTheBestApart() {
    let outcome = WeightPipeline(normalisation: .power(2)).weights(of: averages([0.5, 1]))
    #expect(weights(outcome, count: 2) == [16384, 65535])
    let winner = WeightPipeline(normalisation: .winnerTakesAll).weights(of: averages([0.5, 1, 1]))
    #expect(weights(winner, count: 3) == [0, 65535, 65535])
  }

  @Test func theExcludedGetNothing() {
    let four = averages([0.1, 0.2, 0.2, 1])
    let below = WeightPipeline(exclusion: .below(shareOfBest: 0.15)).weights(of: four)
    #expect(weights(below, count: 4) == [0, 13107, 13107, 65535])
    // Half of four; of the two with 0.2 the higher uid goes.
    let lowest = WeightPipeline(exclusion: .lowest(share: 0.5)).weights(of: four)
    #expect(weights(lowest, count: 4) == [0, 13107, 0, 65535])
    let named = WeightPipeline(exclusion: .hotkeys([four[3].hotkey])).weights(of: four)
    #expect(weights(named, count: 4) == [32768, 65535, 65535, 0])
  }

  @Test(arguments: [0.9, 0.6, 0.5, 0.4, 0.35])
  func noShareExceedsTheClip(_ clip: Double) {
    let outcome = WeightPipeline(clip: clip).weights(of: averages([0.9, 0.3, 0.01]))
    let row = weights(outcome, count: 3)
    let sum = Double(row.reduce(0, +))
    // Half a unit of rounding in each of three weights.
    #expect(row.allSatisfy { Double($0) / sum <= clip + 1.0 / 65535 }, "\(row)")
    #expect(row[0] >= row[1] && row[1] >= row[2])
    #expect(outcome.fallbacks.isEmpty)
  }

  @Test func whatCannotBeDoneIsSaidAndNeverSilent() {
    let two = averages([0.5, 1])
    let cases: [(WeightPipeline, [WeightFallback.Code], [Int])] = [
      (WeightPipeline(clip: 0.4), [.clipTooTight], [65535, 65535]),
      (WeightPipeline(exclusion: .hotkeys(Set(two.map(\.hotkey)))), [.everybodyExcluded], [32768, 65535]),
      (WeightPipeline(normalisation: .custom { _ in [1] }), [.wrongCount], [32768, 65535]),
      (WeightPipeline(normalisation: .custom { _ in [.nan, 3] }), [.noNumber], [0, 65535]),
      (
        WeightPipeline(normalisation: .custom { _ in [-1, .infinity] }), [.noNumber, .noNumber, .normalisedAway],
        [32768, 65535]
      ),
    ]
    for (pipeline, codes, expected) in cases {
      let outcome = pipeline.weights(of: two)
      #expect(outcome.fallbacks.map(\.code) == codes)
      #expect(weights(outcome, count: 2) == expected)
      #expect(outcome.fallbacks.allSatisfy { !$0.message.isEmpty })
    }
  }
}

/// Remembers how often it scored, and answers in parts.
private struct Storyteller: StreamingMechanism {
  static let name = "story"
  struct Diary: Codable, Sendable { var scored: Int }
  final class Book: Sendable {
    let pages: SharedCount
    init() { pages = SharedCount() }
  }
  let book = Book()

  init(_ setup: MechanismSetup) {}
  func task(_ round: Round, random: inout SeededRandom) -> Challenge<String, Nothing> { Challenge("once") }
  func forward(_ prompt: String, _ context: ForwardContext, send: PartSender<String>) async throws {
    for word in ["upon", "a", "time"] { try await send(word) }
  }
  func score(
    _ stories: [Answer<[String]>], for challenge: Challenge<String, Nothing>, _ context: ScoreContext
  ) async -> [Score] {
    await book.pages.add(1)
    return stories.map { $0.response == ["upon", "a", "time"] && $0.arrivals.count == 3 ? .full : .zero }
  }
  func checkpoint() async -> Diary { Diary(scored: await book.pages.value) }
  func restore(_ diary: Diary) async { await book.pages.add(diary.scored) }
}

private actor SharedCount {
  private(set) var value = 0
  func add(_ amount: Int) { value += amount }
}

@Suite struct StreamingTests {
  @Test func partsAreJoinedAndScoredWithTheirArrivals() async throws {
    let host = MechanismHost(Storyteller(try Storyteller.setup(.validator)))
    var random = SeededRandom(seed: 1)
    let task = try await host.makeTask(Scene.round(0), random: &random)
    let parts = CollectedBytes()
    try await host.stream(task.request, Scene.forward) { part in await parts.append(part) }
    #expect(host.isStreaming)
    #expect(await parts.all.count == 3)
    let joined = try await host.join(parts.all)
    #expect(try await host.forward(task.request, Scene.forward) == joined)
    var answer = Scene.answer(joined)
    #expect(try await host.score([answer], for: task, Scene.score) == [.zero])
    answer.arrivals = [.milliseconds(1), .milliseconds(2), .milliseconds(3)]
    #expect(try await host.score([answer], for: task, Scene.score) == [.full])
  }

  @Test func twoValuesInOnePartAreNoPart() throws {
    let host = MechanismHost(Storyteller(try Storyteller.setup(.validator)))
    let word = try MessageCoder().encode("upon")
    let error = #expect(throws: MechanismError.self) { try host.join([word + word]) }
    #expect(error?.code == .malformedResponse)
  }

  @Test func aMemoryIsGivenBackAsItWas() async throws {
    let first = MechanismHost(Storyteller(try Storyteller.setup(.validator)))
    var random = SeededRandom(seed: 1)
    let task = try await first.makeTask(Scene.round(0), random: &random)
    for _ in 0..<2 { _ = try await first.score([Scene.answer([])], for: task, Scene.score) }
    _ = try await first.score([Scene.answer(try MessageCoder().encode(["x"]))], for: task, Scene.score)
    let memory = try #require(try await first.checkpoint())
    let second = MechanismHost(Storyteller(try Storyteller.setup(.validator)))
    try await second.restore(memory)
    #expect(try await second.checkpoint() == memory)
    await #expect(throws: MechanismError.self) { try await second.restore([1]) }
  }

  @Test func aMechanismWithoutAMemorySavesNothing() async throws {
    let host = try await MechanismCatalogue([Plain.self]).host(named: "plain", role: .validator)
    #expect(try await host.checkpoint() == nil)
    #expect(!host.isStreaming)
  }
}

private struct Plain: IncentiveMechanism {
  static let name = "plain"
  init(_ setup: MechanismSetup) {}
  func task(_ round: Round, random: inout SeededRandom) -> Challenge<Int, Nothing> { Challenge(1) }
  func forward(_ request: Int, _ context: ForwardContext) -> Int { request }
  func score(_ answers: [Answer<Int>], for challenge: Challenge<Int, Nothing>, _ context: ScoreContext) -> [Score] {
    answers.map { _ in .full }
  }
}

private actor CollectedBytes {
  private(set) var all: [[UInt8]] = []
  func append(_ part: [UInt8]) { all.append(part) }
}
