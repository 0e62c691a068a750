import Daemon
import Localnet
import Scenarios

/// The folder in which the processes of a scenario live: a fresh one, or a named network that is kept.
struct TestPlace: Sendable {
  let folder: StateFolder
  /// For a network that goes on after the verdict.
  let claim: NetworkClaim?

  init(_ scenario: Scenario, isKept: Bool) throws {
    guard isKept else {
      folder = try StateFolder.temporary()
      claim = nil
      return
    }
    let home = try NetworkHome()
    guard let wanted = NetworkName("test") else { preconditionFailure("test is a network's name") }
    let name = home.freeName(wanted)
    let claim = try NetworkClaim.take(
      home.folder(of: name), name: name.text, isKept: false, work: "scenario \(scenario.path)", beginsAnew: true)
    folder = claim.folder
    self.claim = claim
  }

  func plan(of scenario: Scenario) -> LocalnetPlan {
    scenario.plan(executables: folderOfThisProgram(), folder: folder)
  }

  /// Removes what the network left.
  func remove() throws { try removeTree(folder.path) }
}
