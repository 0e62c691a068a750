import ExampleSubnets
import SubnetKit
import TestThreads
import Testing

@Suite(.computing) struct TextTests {
  /// Fails when the ranking of models by what they earn is not the ranking of models by what they know.
  @Test func aBetterModelEarnsVisiblyMore() async throws {
    let validator = try await MechanismHost(Text.self, role: .validator)
    var means: [Double] = []
    for k in 1...4 {
      let miner = try await MechanismHost(Text.self, role: .miner, arguments: ["k=\(k)"])
      var sum = 0.0
      for number in 0..<30 as Range<UInt64> {
        var random = SeededRandom(seed: 11, stream: number)
        let task = try await validator.makeTask(Scene.round(number), random: &random)
        let answer = try await miner.forward(task.request, Scene.forward)
        sum += try await validator.score([Scene.answer(answer)], for: task, Scene.score)[0].value
      }
      means.append(sum / 30)
    }
    for index in 1..<means.count {
      #expect(means[index] > means[index - 1] * 1.1, "k=\(index + 1) after k=\(index): \(means)")
    }
  }

  @Test func theSameSeedGivesTheSameRequestAndTheSameScore() async throws {
    var outcomes: [[UInt8]] = []
    var scores: Set<Double> = []
    for _ in 0..<2 {
      let validator = try await MechanismHost(Text.self, role: .validator)
      let miner = try await MechanismHost(Text.self, role: .miner, arguments: ["k=2"])
      var random = SeededRandom(seed: 5)
      let task = try await validator.makeTask(Scene.round(0), random: &random)
      let answer = try await miner.forward(task.request, Scene.forward)
      outcomes.append(task.request + answer)
      scores.insert(try await validator.score([Scene.answer(answer)], for: task, Scene.score)[0].value)
    }
    #expect(outcomes[0] == outcomes[1])
    #expect(scores.count == 1)
  }

  @Test func theTruthIsNotInTheRequest() async throws {
    let validator = try Text(Text.setup(.validator, ["contexts=64"]))
    var random = SeededRandom(seed: 5)
    let challenge = try validator.task(Scene.round(0), random: &random)
    #expect(challenge.expected.count == 64)
    #expect(challenge.request.contexts.allSatisfy { $0.count == Text.contextLengthLimit })
    let bytes = try MessageCoder.requests.encode(challenge.request)
    // A map of one key, and 64 contexts with a head of two bytes each: no room for anything else.
    #expect(bytes.count == 1 + 1 + "contexts".utf8.count + 2 + 64 * (2 + Text.contextLengthLimit))
  }

  @Test func theScoreFollowsTheBitsThatTheTruthCosts() async throws {
    let validator = try Text(Text.setup(.validator, ["contexts=4", "sharpness=2"]))
    var random = SeededRandom(seed: 5)
    let challenge = try validator.task(Scene.round(0), random: &random)

    func score(latency: Duration = .zero, _ frequencies: (UInt8) -> [UInt16]) throws -> Score {
      let forecast = Text.Forecast(frequencies: challenge.expected.map(frequencies))
      return try validator.score([Scene.answer(forecast, latency: latency)], for: challenge, Scene.score)[0]
    }
    func certain(of byte: UInt8) -> [UInt16] { (0...255).map { $0 == byte ? 100 : 0 } }

    #expect(
      try score { certain(of: $0) } == Score(1, because: "0.0 bits per byte", measuring: .init("bits per byte", 0.0)))
    #expect(
      try score { _ in [UInt16](repeating: 9, count: 256) }
        == Score(0, because: "8.0 bits per byte", measuring: .init("bits per byte", 8.0)))
    #expect(
      try score { certain(of: $0 ^ 1) }
        == Score(0, because: "32.0 bits per byte", measuring: .init("bits per byte", 32.0)))
    // One of sixteen equally likely bytes: 4 of 8 bits, squared.
    #expect(try score { byte in (0...255).map { $0 >> 4 == byte >> 4 ? 1 : 0 } }.value == 0.25)
    // The slowest answer loses one per cent, an answer after the deadline no more than that.
    #expect(try score(latency: .seconds(10)) { certain(of: $0) }.value == 0.99)
    #expect(try score(latency: .seconds(99)) { certain(of: $0) }.value == 0.99)
  }

  @Test func malformedDistributionsAreWorthNothing() async throws {
    let validator = try Text(Text.setup(.validator, ["contexts=2"]))
    var random = SeededRandom(seed: 5)
    let challenge = try validator.task(Scene.round(0), random: &random)
    let good = [UInt16](repeating: 1, count: 256)
    let malformed: [[[UInt16]]] = [
      [], [good], [good, good, good], [good, []], [good, Array(good.dropLast())], [good, good + [1]],
      [good, [UInt16](repeating: 0, count: 256)],
    ]
    let answers = malformed.map { Scene.answer(Text.Forecast(frequencies: $0)) }
    let scores = try validator.score(answers, for: challenge, Scene.score)
    #expect(scores == malformed.map { _ in .zero(because: "malformed distributions") })
  }

  @Test func aMinerRefusesMoreThanItsLimits() async throws {
    let miner = try await MechanismHost(Text.self, role: .miner, arguments: ["k=1"])
    let long = [UInt8](repeating: 65, count: Text.contextLengthLimit)
    let fitting = Text.Question(contexts: [[UInt8]](repeating: long, count: Text.contextCountLimit))
    let answer = try await miner.forward(MessageCoder().encode(fitting), Scene.forward)
    #expect(try MessageCoder.responses.decode(Text.Forecast.self, from: answer).frequencies.count == 64)

    for contexts in [fitting.contexts + [[]], [long + [65]]] {
      let request = try MessageCoder().encode(Text.Question(contexts: contexts))
      let error = await #expect(throws: MechanismError.self) { try await miner.forward(request, Scene.forward) }
      #expect(error?.code == .malformedRequest)
    }
  }

  @Test func eachRoleDoesOnlyItsOwnWork() async throws {
    let miner = try await MechanismHost(Text.self, role: .miner, arguments: ["k=0"])
    let validator = try await MechanismHost(Text.self, role: .validator)
    var random = SeededRandom(seed: 5)
    let task = try await validator.makeTask(Scene.round(0), random: &random)
    await #expect(throws: MechanismError.self) { try await miner.makeTask(Scene.round(0), random: &random) }
    await #expect(throws: MechanismError.self) { try await validator.forward(task.request, Scene.forward) }
  }
}
