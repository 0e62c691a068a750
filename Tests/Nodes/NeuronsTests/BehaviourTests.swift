import Neurons
import SubnetKit
import Testing

/// How behaviours are written on a command line.
@Suite struct BehaviourTests {
  @Test(arguments: [
    "honest", "lazy", "copycat", "copycat:of=miner-1", "offline", "slow", "slow:delay=2s", "garbage",
    "colluding:with=miner-1+miner-2",
  ])
  func aMinersBehaviourSurvivesItsText(text: String) throws {
    let behaviour = try #require(Behaviour(text: text, role: .miner))
    #expect(behaviour.description == text)
  }

  @Test(arguments: [
    "", "hones", "slow:delay=fast", "slow:of=miner-1", "lazy:delay=1s", "copycat:of=", "copycat:of=a/b", "slow:",
    "colluding:with=a+", "slow:delay=1s,delay=2s",
  ])
  func anythingElseIsRefused(text: String) { #expect(Behaviour(text: text, role: .miner) == nil) }

  @Test func aValidatorCannotBeSlow() {
    #expect(Behaviour(text: "slow", role: .validator) == nil)
    #expect(Behaviour(text: "colluding:with=miner-1", role: .validator) != nil)
  }
}
