import Daemon
import Glibc
import JSONText
import Testing

/// The commands that work with a running network, each run as its own process.
@Suite(.timeLimit(.minutes(30))) struct LookingCommandTests {
  @Test func aRunningNetworkCanBeViewedAskedAndChanged() async throws {
    let folder = try TemporaryFolder()
    let state = folder.path + "/net"
    let run = try await CommandRun.start(
      "subnet up --subnet adder --validators 1 --miners 1 --json --state \(state) --report \(folder.path)/report.json"
        .split(separator: " ").map(String.init), in: folder)
    _ = try await run.event("ready")
    func done(_ line: String) async throws -> String {
      let outcome = try await CommandRun.finish(line + " --state \(state)", in: folder)
      #expect(outcome.status == .exited(0), "\(line): \(outcome.errors)")
      return outcome.output
    }

    #expect(try await done("subnet view").contains("//miner-1"))
    let view = try JSONValue(parsing: await done("subnet view --json"))
    #expect(try view.member("neurons").elements().count == 3)

    let before = try await balance(done("subnet query account --account //owner"))
    let transfer = try await done("subnet call transfer --wallet.name //faucet --to //owner --amount 2.5 --json")
    #expect(try JSONValue(parsing: transfer).member("ok").bool())
    #expect(try await balance(done("subnet query account --account //owner")) == before + 2_500_000_000)

    _ = try await done(
      "subnet call set-hyperparameter --wallet.name //owner --netuid 1 --name immunity_period --value 4321")
    #expect(try await done("subnet query metagraph --netuid 1").contains("\"immunity_period\": 4321"))

    let refused = try await CommandRun.finish(
      "subnet call add-stake --wallet.name //miner --hotkey //miner-1 --netuid 1 --amount 9000000 --state \(state)",
      in: folder)
    #expect(refused.status == .exited(1))
    #expect(refused.errors.contains("NotEnoughBalanceToStake"), "\(refused.errors)")

    // Shares of a root stake are rounded; the books must sum all the same.
    for amount in ["777.123456789", "12.100000001"] {
      _ = try await done(
        "subnet call add-stake --wallet.name //faucet --hotkey //validator-1 --netuid 0 --amount \(amount)")
    }
    _ = try await done("subnet call add-stake --wallet.name //miner --hotkey //validator-1 --netuid 0 --amount 3.7")
    run.child.send(SIGTERM)
    // A report whose supply is not the issuance ends the command with 70.
    #expect(try await run.outcome().status == .exited(0))
    let report = try JSONValue(parsing: AtomicFile(folder.path + "/report.json").read(limit: 1 << 20))
    #expect(try report.member("supply").member("root_stake_rao").integer() >= 792_923_456_790)
  }

  private func balance(_ reply: String) throws -> UInt64 {
    try JSONValue(parsing: reply).member("answer").member("free").integer()
  }

  @Test func anErrorIsExplainedByNameAndByNumber() async throws {
    let folder = try TemporaryFolder()
    let byName = try await CommandRun.finish("subnet explain settingweightstoofast", in: folder)
    let byNumber = try await CommandRun.finish("subnet explain 507", in: folder)
    #expect(byName.status == .exited(0))
    #expect(byName.output == byNumber.output)
    #expect(byName.output.contains("SettingWeightsTooFast (507)"))
  }

  @Test func aWalletIsMadeOnceAndListed() async throws {
    let folder = try TemporaryFolder()
    let made = try await CommandRun.finish("subnet wallet create alice --hotkey default --json", in: folder)
    #expect(made.status == .exited(0), "\(made.errors)")
    let listed = try await CommandRun.finish("subnet wallet list --json", in: folder)
    #expect(listed.output == made.output)
    let again = try await CommandRun.finish("subnet wallet create alice", in: folder)
    #expect(again.status == .exited(1))
    #expect(again.errors.contains("never overwritten"))
  }
}
