import Daemon
import Glibc
import Testing

/// A folder of its own for each test, gone with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/daemon-tests-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
  }

  deinit {
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      unlink("\(path)/\(name)")
    }
    closedir(folder)
    rmdir(path)
  }
}

@Suite(.timeLimit(.minutes(20))) struct ChildProcessTests {
  let folder = TemporaryFolder()

  func shell(_ script: String, readsLines: Bool = false) -> ChildCommand {
    ChildCommand(
      name: "child", executable: "/bin/sh", arguments: ["-c", script], logPath: "\(folder.path)/child.log",
      readsLines: readsLines)
  }

  @Test func aChildsExitCodeAndLogComeBack() async throws {
    let child = try await ChildProcess.start(shell("echo out; echo err >&2; exit 7"))
    #expect(try await child.ended() == .exited(7))
    #expect(child.status == .exited(7))
    #expect(child.logTail() == ["out", "err"])
    #expect(child.logTail(lineLimit: 1) == ["err"])
  }

  @Test func standardOutputArrivesByLinesBeforeTheEnd() async throws {
    let child = try await ChildProcess.start(
      shell("echo ready; echo log >&2; printf 'two\\nlast without newline'", readsLines: true))
    var lines: [String] = []
    for await line in child.lines { lines.append(line) }
    #expect(lines == ["ready", "two", "last without newline"])
    #expect(try await child.ended() == .exited(0))
    #expect(child.logTail() == ["log"])
  }

  @Test func stoppingIsPoliteFirst() async throws {
    let child = try await ChildProcess.start(
      shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done", readsLines: true))
    for await line in child.lines {
      #expect(line == "ready")
      break
    }
    #expect(await child.stop(grace: .seconds(300)) == .exited(0))
  }

  @Test func whoIgnoresTheSignalIsKilledAfterTheGrace() async throws {
    let child = try await ChildProcess.start(
      shell("trap '' TERM; echo ready; while :; do sleep 1; done", readsLines: true))
    for await _ in child.lines { break }
    #expect(await child.stop(grace: .milliseconds(50)) == .signalled(SIGKILL))
  }

  @Test func stoppingWorksInACancelledTask() async throws {
    let child = try await ChildProcess.start(shell("exec sleep 1000"))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await child.stop(grace: .seconds(300))
    }
    #expect(await task.value == .signalled(SIGTERM))
  }

  @Test func waitingEndsOnCancellationAndLeavesTheChild() async throws {
    let child = try await ChildProcess.start(shell("exec sleep 1000"))
    let waiting = Task { try await child.ended() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(child.status == nil)
    #expect(await child.stop(grace: .seconds(300)) == .signalled(SIGTERM))
  }

  @Test func whatIsLeftOfAChildsGroupDiesWithIt() async throws {
    let child = try await ChildProcess.start(shell("sleep 1000 & echo $!; exit 0", readsLines: true))
    var grandchild: Int32 = 0
    for await line in child.lines {
      grandchild = Int32(line) ?? 0
      break
    }
    try #require(grandchild > 1)
    _ = try await child.ended()
    // It is dead at once, though its new parent may still have to collect it.
    #expect(try await isGone(grandchild))
  }

  /// Whether the process ends; the time is a net.
  private func isGone(_ pid: Int32) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(300)
    while kill(pid, 0) == 0, !isZombie(pid) {
      guard ContinuousClock.now < deadline else { return false }
      try await Task.sleep(for: .milliseconds(2))
    }
    return true
  }

  private func isZombie(_ pid: Int32) -> Bool {
    guard let stat = try? AtomicFile("/proc/\(pid)/stat").read(limit: 4096) else { return true }
    return String(decoding: stat, as: UTF8.self).contains(") Z ")
  }

  @Test func whatCannotBeStartedSaysWhy() async {
    let missing = ChildCommand(
      name: "miner-1", executable: "/nowhere/miner", arguments: [], logPath: "\(folder.path)/x.log")
    await #expect(
      throws: LaunchError(name: "miner-1", call: "posix_spawn", subject: "/nowhere/miner", code: ENOENT)
    ) { try await ChildProcess.start(missing) }
    let noLog = ChildCommand(name: "miner-1", executable: "/bin/true", arguments: [], logPath: "/nowhere/x.log")
    await #expect(throws: LaunchError(name: "miner-1", call: "open", subject: "/nowhere/x.log", code: ENOENT)) {
      try await ChildProcess.start(noLog)
    }
  }

  @Test func aChildInheritsNoOpenFileAndNoIgnoredSignal() async throws {
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    signal(SIGPIPE, SIG_IGN)
    let files = try await lines(of: "/bin/ls", "/proc/self/fd")
    #expect(files.prefix(3) == ["0", "1", "2"])
    // The fourth is the folder that is being listed.
    #expect(files.count == 4)
    let status = try await lines(of: "/bin/grep", "Sig", "/proc/self/status")
    #expect(status.contains("SigBlk:\t0000000000000000"))
    let ignored = status.first { $0.hasPrefix("SigIgn:\t") }.flatMap { UInt64($0.dropFirst(8), radix: 16) }
    // Glibc keeps its two own signals, 32 and 33, ignored.
    #expect(ignored.map { $0 & 0x7FFF_FFFF } == 0)
  }

  private func lines(of executable: String, _ arguments: String...) async throws -> [String] {
    let child = try await ChildProcess.start(
      ChildCommand(
        name: "child", executable: executable, arguments: arguments, logPath: "\(folder.path)/child.log",
        readsLines: true))
    var lines: [String] = []
    for await line in child.lines { lines.append(line) }
    return lines
  }

  @Test func theSpawningThreadLivesOnSoTheDeathSignalDoesNotFire() async throws {
    let command = ChildCommand(
      name: "tied", executable: "/usr/bin/setpriv", arguments: ["--pdeathsig", "KILL", "sh", "-c", "echo up; read x"],
      logPath: "\(folder.path)/tied.log", readsLines: true)
    guard access(command.executable, X_OK) == 0 else { return }
    let child = try await ChildProcess.start(command)
    #expect(try await child.ended() == .exited(1))
  }

  @Test func childrenOfALauncherThatIsKilledDieToo() async throws {
    guard access("/usr/bin/setpriv", X_OK) == 0 else { return }
    let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
      let command = ChildCommand(
        name: "tied", executable: "/usr/bin/setpriv", arguments: ["--pdeathsig", "KILL", "sleep", "1000"],
        logPath: "/dev/null")
      let child = try await ChildProcess.start(command)
      writeAll(Array("\npid \(child.pid)\n".utf8), to: STDOUT_FILENO)
      // Until setpriv has become sleep the tie is not made.
      while (try? AtomicFile("/proc/\(child.pid)/comm").read(limit: 64)) != Array("sleep\n".utf8) { await Task.yield() }
      kill(getpid(), SIGKILL)
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("pid ") })
    let pid = try #require(Int32(line.dropFirst(4)))
    #expect(try await isGone(pid))
  }
}
