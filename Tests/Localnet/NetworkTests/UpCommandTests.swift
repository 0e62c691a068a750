import Daemon
import Glibc
import JSONText
import Testing

@Suite(.serialized, .timeLimit(.minutes(30))) struct UpCommandTests {
  @Test func oneSettledEpochEndsWithAReportWhoseSupplyIsTheIssuance() async throws {
    let folder = try TemporaryFolder()
    let report = folder.path + "/report.json"
    let run = try await CommandRun.start(
      "subnet up --subnet adder --validators 1 --miners 2 --epochs 1 --json --seed 7 --report \(report)"
        .split(separator: " ").map(String.init), in: folder)
    let children = try await run.event("ready").processes()
    #expect(children.count == 4)
    let outcome = try await run.outcome()
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    for child in children { #expect(await child.ends(within: .zero)) }

    let document = try JSONValue(parsing: AtomicFile(report).read(limit: 1 << 20))
    let supply = try document.member("supply").members().map { try $0.value.integer(UInt64.self) }
    #expect(try supply.reduce(0, +) == document.member("issuance_rao").integer())
    let neurons = try document.member("neurons").elements()
    #expect(try neurons.map { try $0.member("role").string() }.sorted() == ["miner", "miner", "owner", "validator"])
    try expectPaidMiners(neurons, in: document.member("epochs").elements())
    try expectOrderedTimes(document)
    #expect(outcome.lines.last.map { $0.contains("\"event\":\"report\"") } == true)
  }

  /// Somebody is paid, and nobody who never answered. How many are depends on the machine: a late answer counts as none.
  private func expectPaidMiners(_ neurons: [JSONValue], in epochs: [JSONValue]) throws {
    let rows = try epochs.flatMap { try $0.member("neurons").elements() }
    var paidCount = 0
    for miner in neurons where try miner.member("role").string() == "miner" {
      let tasks = try miner.member("tasks")
      let answered = try tasks.member("answered").integer(UInt64.self)
      #expect(try tasks.member("sent").integer(UInt64.self) >= answered)
      guard try miner.member("miner_emission_total_rao").integer(UInt64.self) > 0 else { continue }
      paidCount += 1
      #expect(answered > 0)
      // The report's own incentive is that of the last epoch, and there may be more epochs than were asked for.
      let uid: UInt16 = try miner.member("uid").integer()
      let earnings = try rows.filter { try $0.member("uid").integer(UInt16.self) == uid }
      #expect(try earnings.contains { try $0.member("incentive").integer(UInt16.self) > 0 })
    }
    #expect(paidCount > 0)
  }

  private func expectOrderedTimes(_ document: JSONValue) throws {
    let ready: Int64 = try document.member("ready_ms").integer()
    let weights: Int64 = try document.member("first_weights_ms").integer()
    let settlement: Int64 = try document.member("first_settlement_ms").integer()
    // Who watches late sees several blocks in one moment.
    #expect(0 < ready && ready <= settlement && weights <= settlement)
    let epochs = try document.member("epochs").elements()
    #expect(try epochs.last?.member("settled").bool() == true)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aSignalStopsEveryProcessAndIsNoFailure(_ signal: Int32) async throws {
    let folder = try TemporaryFolder()
    let run = try await CommandRun.start(smallNetwork, in: folder)
    let children = try await run.event("ready").processes()
    run.child.send(signal)
    let outcome = try await run.outcome()
    #expect(outcome.status == .exited(0), "\(outcome.errors)")
    for child in children { #expect(await child.ends(within: .zero)) }
  }

  @Test func aNetworkGoesOnFromItsFolder() async throws {
    let folder = try TemporaryFolder()
    let line = "subnet up --subnet adder --validators 1 --miners 1 --epochs 1 --state \(folder.path)/net --report "
    let first = try await CommandRun.finish(line + folder.path + "/1.json", in: folder)
    #expect(first.status == .exited(0), "\(first.errors)")
    let second = try await CommandRun.finish(line + folder.path + "/2.json", in: folder)
    #expect(second.status == .exited(0), "\(second.errors)")
    let reports = try ["/1.json", "/2.json"].map { name in
      try JSONValue(parsing: AtomicFile(folder.path + name).read(limit: 1 << 20))
    }
    let heights = try reports.map { try $0.member("height").integer(UInt64.self) }
    #expect(heights[0] < heights[1])
    // The same neurons, not registered again.
    let names = try reports.map { try $0.member("neurons").elements().map { try $0.member("name").string() } }
    #expect(names[0] == names[1])
    #expect(names[1].count == 3)
  }

  @Test func theDeathOfTheLauncherEndsEveryProcess() async throws {
    let folder = try TemporaryFolder()
    let run = try await CommandRun.start(smallNetwork, in: folder)
    let children = try await run.event("ready").processes()
    run.child.send(SIGKILL)
    #expect(try await run.outcome().status == .signalled(SIGKILL))
    for child in children { #expect(await child.ends(within: .seconds(120))) }
  }

  @Test func aNodeThatDiesEndsTheNetworkWithItsNameAndLog() async throws {
    let folder = try TemporaryFolder()
    let run = try await CommandRun.start(smallNetwork, in: folder)
    let ready = try await run.event("ready")
    let miner = try ready.member("processes").elements().first { $0["name"] == "miner-1" }
    let pid: Int32 = try #require(miner).member("pid").integer()
    let others = try ready.processes()
    kill(pid, SIGKILL)
    let outcome = try await run.outcome()
    #expect(outcome.status == .exited(1))
    #expect(outcome.errors.contains("miner-1 ended with signal 9"))
    #expect(outcome.errors.contains("miner-1.log"))
    for child in others { #expect(await child.ends(within: .zero)) }
  }

  @Test func aNodeThatCannotStartIsNamedWithItsReason() async throws {
    let folder = try TemporaryFolder()
    let outcome = try await CommandRun.finish(
      "subnet up --subnet text --validators 1 --miners 1 --corpus /nonexistent", in: folder)
    #expect(outcome.status == .exited(1))
    #expect(outcome.errors.contains("-1 ended with exit code"))
    #expect(outcome.errors.contains("/nonexistent"))
  }

  @Test(arguments: [
    ("subnet up --miner 2", "did you mean --miners"), ("subnet up --validators none", "whole number"),
    ("subnet up --subnet chess", "one of adder, text"), ("subnet upp", "did you mean up"),
    ("subnet view", "--state"), ("subnet explain NoSuchError", "lists them all"),
    (
      "subnet call transfer --wallet.name //miner --to 5DcQEz9gZbAz2YUnapb5Vcrc28UzXuV9A11fa681wpSGeQ6y --amount 1",
      "names no account"
    ),
    ("subnet call transfer --wallet.name //miner --to //owner --amount 1.x", "expected TAO"),
    ("subnet call transfer --wallet.name //miner --amount 1", "--to is required"),
  ]) func wrongUsageIsSaidInASentence(_ line: String, _ part: String) async throws {
    let folder = try TemporaryFolder()
    let outcome = try await CommandRun.finish(line, in: folder)
    #expect(outcome.status == .exited(2) || outcome.status == .exited(1), "\(outcome.output)")
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  private let smallNetwork =
    "subnet up --subnet adder --validators 1 --miners 1 --json".split(separator: " ").map(String.init)
}
