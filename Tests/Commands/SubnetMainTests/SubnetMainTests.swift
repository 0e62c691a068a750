import Daemon
import ExampleSubnets
import SubnetKit
import SubnetMain
import Testing

/// The command line of an author's executable.
@Suite struct SubnetMainTests {
  private func help(_ arguments: [String]) throws -> String {
    let table = SubnetMain.table(of: SubnetMode.all(MechanismCatalogue([Adder.self])), named: "my-subnet")
    guard case .help(let text) = try table.parse(arguments) else { return "" }
    return text
  }

  @Test func eachModeIsACommandWithItsOwnFlags() throws {
    let all = try help(["--help"])
    #expect(all.contains("Usage: my-subnet COMMAND"))
    #expect(all.contains("  miner ") && all.contains("  validator ") && all.contains("  plugin "))
    let miner = try help(["miner", "--help"])
    #expect(miner.contains("--axon.port") && !miner.contains("--timeout"))
    let validator = try help(["validator", "--help"])
    #expect(validator.contains("--timeout") && !validator.contains("--axon.port"))
  }

  @Test func theExampleOfTheHelpIsOneThatItUnderstands() throws {
    let table = SubnetMain.table(of: SubnetMode.all(MechanismCatalogue([Adder.self])), named: "my-subnet")
    var words = table.example.split(separator: " ").map(String.init)
    #expect(words.removeFirst() == "my-subnet")
    // The key of the example is cut short for the eye.
    let key = try #require(words.firstIndex(of: "--chain.key"))
    words[key + 1] = String(repeating: "ab", count: 32)
    guard case .run(let parsed) = try table.parse(words) else {
      Issue.record("the example asks for help")
      return
    }
    #expect(parsed.command == ["my-subnet", "miner"])
  }

  @Test func anUnknownCommandIsRefusedWithTheKnownOnes() {
    let error = #expect(throws: UsageError.self) { try help(["mine"]) }
    #expect(error.map { "\($0)".contains("miner") } == true)
  }
}
