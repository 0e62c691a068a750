@testable import ExampleSubnets
import SubnetKit
import TestThreads
import Testing

@Suite(.computing) struct TextCheatTests {
  /// `uniform` fails because guessing is the zero of the score, `frequent` and `overconfident` because a byte that was
  /// ruled out costs so much; each earns when that is taken away.
  @Test(arguments: ["uniform", "frequent", "overconfident"])
  func aCheatEarnsNothingBesideAnHonestMiner(cheat: String) async throws {
    let contest = Contest(Text.self, miners: [[], ["cheat=\(cheat)"]])
    let earned = try await contest.run()
    #expect(earned[0] > 0.1)
    #expect(earned[1] < cheatShareLimit * earned[0], "\(cheat): \(earned)")
  }
}
