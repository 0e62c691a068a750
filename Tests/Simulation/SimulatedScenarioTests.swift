import ExampleSubnets
import Localnet
import Scenarios
import SubnetKit
import TestKit
import Testing

/// Scenarios in one process: they pass, they fail where they must, and they repeat.
@Suite struct SimulatedScenarioTests {
  static let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  static func verdict(_ scenario: Scenario) throws -> ScenarioVerdict {
    try scenario.simulate { role, options in
      try await MechanismCatalogue.examples.host(
        named: scenario.network.mechanismName, role: role, arguments: options)
    }
  }

  @Test(arguments: ["adder", "text"]) func aShippedScenarioPasses(name: String) throws {
    let verdict = try Self.verdict(try Scenario(file: "\(Self.folder)/Scenarios/\(name).json5"))
    #expect(verdict.hasPassed, "\(verdict.lines.joined(separator: "\n"))")
    print(verdict.lines.joined(separator: "\n"))
  }
}
