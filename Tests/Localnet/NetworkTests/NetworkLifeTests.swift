import Daemon
import Glibc
import JSONText
import Localnet
import Testing

/// Named networks in the background: how they begin, what is done to them, how they end; every command its own process.
@Suite(.timeLimit(.minutes(30))) struct NetworkLifeTests {
  private let up = "subnet up --subnet adder --validators 1 --miners 2 --block-time 100ms --detach"

  @Test func aNetworkInTheBackgroundIsFoundStoppedGoneOnWithAndRemoved() async throws {
    try await withUser { user in
      let status = try await user.document(up + " --name first")
      #expect(status["state"] == "running" && status["name"] == "first")
      let processes = try status.allProcesses()
      #expect(processes.count == 5)
      let list = try await user.document("subnet ls").elements()
      #expect(list.map { $0["state"] } == ["running"])

      let twice = try await user.refusal(up + " --name first")
      #expect(twice.contains("process \(try status.member("launcher").integer(Int32.self))"), "\(twice)")
      // The only one that runs needs no name.
      #expect(try await user.done("subnet view").contains("//miner-2"))
      let height = try await JSONValue(parsing: user.done("subnet advance 30 --json")).member("height").integer(
        Int.self)
      #expect(try await user.done("subnet faucet //miner 2.5").contains("2.5 TAO"))
      #expect(try await user.refusal("subnet clean --name first").contains("runs already"))

      #expect(try await user.document("subnet stop") == ["first"])
      // The launcher has given the folder back, which is the last thing that it does before it ends.
      for process in processes { #expect(await process.ends(within: .seconds(120))) }
      #expect(try await user.refusal("subnet view").contains("no network runs"))
      #expect(try await user.refusal("subnet status").contains("is stopped"))
      #expect(try await user.done("subnet logs miner-1").contains("axon published"))

      let other = try await user.refusal("subnet up --subnet text --name first", code: 1)
      #expect(other.contains("holds a network of subnet adder"), "\(other)")
      _ = try await user.document(up + " --name first")
      let again = try await user.document("subnet view")
      #expect(try again.member("block").integer(Int.self) >= height)
      try await user.done("subnet stop --name first")
      #expect(try await user.document("subnet clean") == ["first"])
      #expect(try await user.document("subnet ls") == .list([]))
    }
  }

  @Test func networksRunSideBySideAndAreToldApartByTheirNames() async throws {
    try await withUser { user in
      let small = "subnet up --subnet adder --validators 1 --miners 1 --detach"
      // Nobody named them: the second takes the next name.
      #expect(try await user.document(small)["name"] == "adder")
      #expect(try await user.document(small)["name"] == "adder-2")
      let which = try await user.refusal("subnet status", code: 2)
      #expect(which.contains("adder, adder-2"), "\(which)")
      #expect(try await user.refusal("subnet view --name chess", code: 2).contains("known: adder, adder-2"))
      let first = try await user.document("subnet status --name adder")
      let second = try await user.document("subnet status --name adder-2")
      #expect(first["chain"] != second["chain"])
      try await user.done("subnet kill miner-1 --name adder-2")
      #expect(try await user.node("miner-1", of: "adder")["state"] == "running")
      #expect(try await user.node("miner-1", of: "adder-2")["state"] == "stopped")
      #expect(try await user.document("subnet stop --all").elements().count == 2)
      #expect(try await user.document("subnet clean --all").elements().count == 2)
    }
  }

  @Test func nodesAreChangedWhileTheNetworkRuns() async throws {
    try await withUser { user in
      try await user.done(up + " --name net")
      let first = try await user.node("miner-2", of: "net")
      try await user.done("subnet kill miner-2")
      let killed = try await user.node("miner-2", of: "net")
      #expect(killed["state"] == "stopped" && killed["exit"] == "signal 9 (Killed)")
      #expect(try await user.refusal("subnet pause miner-2").contains("subnet restart miner-2"))
      try await user.done("subnet restart miner-2")
      let restarted = try await user.node("miner-2", of: "net")
      #expect(restarted["state"] == "running" && restarted["starts"] == 2 && restarted["pid"] != first["pid"])

      try await user.done("subnet pause miner-1 validator-1")
      #expect(try await user.node("validator-1", of: "net")["state"] == "paused")
      try await user.done("subnet resume miner-1 validator-1")
      #expect(try await user.node("validator-1", of: "net")["state"] == "running")
      try await user.done("subnet disconnect miner-1")
      try await user.done("subnet delay miner-1 250ms")
      let faulty = try await user.node("miner-1", of: "net")
      #expect(faulty["disconnected"] == true && faulty["delay_ms"] == 250)
      try await user.done("subnet reconnect miner-1")
      try await user.done("subnet delay 0s miner-1")
      #expect(try await user.node("miner-1", of: "net")["disconnected"] == false)

      let unknown = try await user.refusal("subnet kill miner-1 miner-9", code: 2)
      #expect(unknown.contains("its nodes: chain, validator-1, miner-1, miner-2"), "\(unknown)")
      // Refused as a whole: nothing was done to the first.
      #expect(try await user.node("miner-1", of: "net")["state"] == "running")
    }
  }

  @Test func minersAndValidatorsJoinAndLeaveARunningNetwork() async throws {
    try await withUser { user in
      try await user.done(up + " --name net")
      let grown = try await user.document("subnet scale miner 4").elements()
      #expect(grown.map { $0["state"] } == ["running", "running", "running", "running"])
      try await user.done("subnet scale validator 2")
      let view = try await user.document("subnet view").member("neurons").elements()
      #expect(view.count == 7)
      let shrunk = try await user.document("subnet scale miner 1").elements()
      #expect(shrunk.map { $0["state"] } == ["running", "stopped", "stopped", "stopped"])
      // Who comes back has its uid still.
      let back = try await user.document("subnet scale miner 3").elements()
      #expect(back.map { $0["state"] } == ["running", "running", "running", "stopped"])
      #expect(try await user.document("subnet view").member("neurons").elements().count == 7)
      #expect(try await user.refusal("subnet scale chain 2", code: 2).contains("miner or validator"))
    }
  }

  @Test func aNodeThatEndsDoesNotEndANetworkInTheBackground() async throws {
    try await withUser { user in
      try await user.done(up + " --name net")
      let pid = try await user.node("miner-1", of: "net").member("pid").integer(Int32.self)
      let miner = try WatchedProcess(pid: pid)
      kill(pid, SIGKILL)
      #expect(await miner.ends(within: .seconds(120)))
      // The launcher may notice a moment later; the restart that follows does not depend on it.
      try await user.done("subnet restart miner-1")
      #expect(try await user.node("miner-1", of: "net")["state"] == "running")
      #expect(try await user.node("miner-2", of: "net")["starts"] == 1)
    }
  }

  @Test func theFolderOfAKilledLauncherIsGoneOnWith() async throws {
    try await withUser { user in
      let status = try await user.document(up + " --name net")
      let processes = try status.allProcesses()
      kill(try status.member("launcher").integer(), SIGKILL)
      for process in processes { #expect(await process.ends(within: .seconds(120))) }
      #expect(try await user.document("subnet ls").elements().map { $0["state"] } == ["stopped"])
      #expect(try await user.document(up + " --name net")["state"] == "running")
    }
  }

  @Test func aLauncherInTheForegroundObeysCommandsToo() async throws {
    try await withUser { user in
      let line = "subnet up --subnet adder --validators 1 --miners 1 --json --name front"
      let run = try await CommandRun.start(line.split(separator: " ").map(String.init), in: user.folder)
      let children = try await run.event("ready").processes()
      let logs = try await CommandRun.start(["subnet", "logs", "--follow"], in: user.folder)
      // It follows a network that runs.
      _ = try await logs.line()
      try await user.done("subnet stop")
      let outcome = try await run.outcome()
      #expect(outcome.status == .exited(0), "\(outcome.errors)")
      for child in children { #expect(await child.ends(within: .zero)) }
      // Whoever follows the logs is let go when the network has stopped.
      let followed = try await logs.outcome()
      #expect(followed.status == .exited(0))
      #expect(followed.output.contains("ended by a signal"), "\(followed.output)")
    }
  }

  @Test func aNetworkThatCannotStartSaysWhyAndLeavesNobodyBehind() async throws {
    try await withUser { user in
      let reason = try await user.refusal(
        "subnet up --subnet text --validators 1 --miners 1 --corpus /nonexistent --detach --name bad")
      #expect(reason.contains("/nonexistent"), "\(reason)")
      #expect(try await user.document("subnet ls").elements().map { $0["state"] } == ["stopped"])
      try await user.done("subnet clean --name bad")
    }
  }
}
