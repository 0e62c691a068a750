import ExampleSubnets
import Neurons
import SubnetKit
import Testing

@Suite struct NeuronCommandTests {
  private static let common = [
    "--netuid N", "--wallet.name NAME", "--wallet.hotkey NAME", "--wallet.path PATH", "--wallet.password-file PATH",
    "--option NAME=VALUE", "--chain.endpoint tcp://IP:PORT", "--chain.key KEY", "--chain.genesis HASH", "--state PATH",
    "--status PATH", "--json", "--log.level", "--die-with-parent", "--seed N", "--subnet adder|text", "--k VALUE",
    "--corpus VALUE",
  ]

  @Test func theHelpOfAMinerNamesItsFlagsAndNoOthers() {
    let help = NeuronCommand.help(.miner, mechanisms: .examples)
    for flag in NeuronCommandTests.common + ["--axon.ip IP", "--axon.port N", "--axon.require-permit"] {
      #expect(help.contains("  \(flag)"), "\(flag)")
    }
    #expect(!help.contains("--sample"))
  }

  @Test func theHelpOfAValidatorNamesItsFlagsAndNoOthers() {
    let help = NeuronCommand.help(.validator, mechanisms: .examples)
    for flag in NeuronCommandTests.common + ["--timeout DURATION", "--sample N", "--round-interval DURATION"] {
      #expect(help.contains("  \(flag)"), "\(flag)")
    }
    #expect(!help.contains("--axon.ip"))
  }
}
