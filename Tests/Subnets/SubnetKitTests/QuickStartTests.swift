import SubnetKit
import Testing

/// The mechanism of the documentation's first page, as it stands there.
private enum QuickStart {
  struct Adder: IncentiveMechanism {
    static let name = "adder"
    struct Pair: Codable, Sendable { var left, right: Int }

    init(_ setup: MechanismSetup) {}
    func task(_ round: Round, random: inout SeededRandom) -> Challenge<Pair, Int> {
      let pair = Pair(left: .random(in: 0..<1000, using: &random), right: .random(in: 0..<1000, using: &random))
      return Challenge(pair, expecting: pair.left + pair.right)
    }
    func forward(_ pair: Pair, _ context: ForwardContext) -> Int { pair.left &+ pair.right }
    func score(_ sums: [Answer<Int>], for challenge: Challenge<Pair, Int>, _ context: ScoreContext) -> [Score] {
      sums.map { $0.response == challenge.expected ? .full : .zero }
    }
  }
}

@Suite struct QuickStartTests {
  @Test func theMechanismOfTheFirstPageRuns() async throws {
    let host = try await MechanismHost(QuickStart.Adder.self, role: .validator)
    var random = SeededRandom(seed: 1)
    let task = try await host.makeTask(Scene.round(0), random: &random)
    let answer = try await host.forward(task.request, Scene.forward)
    let answers = [Scene.answer(answer), Scene.answer(try MessageCoder().encode(-1))]
    #expect(try await host.score(answers, for: task, Scene.score) == [.full, .zero])
  }
}
