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
    expectEconomy(in: try await done("subnet econ show --netuid 1 --coldkey //miner"))
    run.child.send(SIGTERM)
    // A report whose supply is not the issuance ends the command with 70.
    #expect(try await run.outcome().status == .exited(0))
    let report = try JSONValue(parsing: AtomicFile(folder.path + "/report.json").read(limit: 1 << 20))
    #expect(try report.member("supply").member("root_stake_rao").integer() >= 792_923_456_790)
  }

  /// When the next halving is, who gets emission, what the neurons earned, what a stake is worth and would sell for.
  private func expectEconomy(in text: String) {
    let lines = text.split(separator: "\n").map(String.init)
    func words(after title: String, from first: String) -> [Substring] {
      let start = lines.firstIndex { $0.hasPrefix(title) } ?? lines.endIndex
      let row = lines[start...].first { $0.split(separator: " ").first.map(String.init) == first }
      return row?.split(separator: " ") ?? []
    }
    #expect(lines.first?.hasPrefix("Block ") == true, "\(text)")
    #expect(text.contains("A block mints at most 1 TAO after 0 halvings"), "\(text)")
    #expect(words(after: "Emission by flow", from: "1").dropFirst().first == "live", "\(text)")
    #expect(words(after: "Subnet 1, epoch", from: "0").count >= 7, "\(text)")
    #expect(text.contains("withheld: the owner's own"), "\(text)")
    // On root stake is TAO, worth what it is and sold for that; dividends may have come to the 3.7 that were staked.
    let stake = words(after: "Stakes at the present price", from: "0")
    #expect(stake.dropFirst().first == "//validator-1", "\(text)")
    #expect(stake.count == 5 && Set(stake.dropFirst(2)).count == 1, "\(text)")
    #expect(stake.last.flatMap { Double($0) } ?? 0 >= 3.699, "\(text)")
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
