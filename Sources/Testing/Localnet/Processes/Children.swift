import Daemon
import Glibc
import Synchronization

/// The child processes of a network: starts them, reads what they say, notices their end.
final class Children: Sendable {
  private let state: Watched<NetworkState>
  private let running = Mutex<[NodeName: ChildProcess]>([:])
  /// What was started and is not read yet.
  private let arrivals: AsyncStream<(NodeName, ChildProcess)>
  private let announce: AsyncStream<(NodeName, ChildProcess)>.Continuation

  init(state: Watched<NetworkState>) {
    self.state = state
    (arrivals, announce) = AsyncStream.makeStream()
  }

  /// Reads every child that is started, until `stopAll`.
  func attend() async {
    await withDiscardingTaskGroup { group in
      for await (name, child) in arrivals {
        group.addTask { await self.read(name, child) }
      }
    }
  }

  func start(_ command: ChildCommand, as name: NodeName) async throws {
    state.update { state in
      state.nodes[name, default: NodeStatus()].phase = .starting
      state.nodes[name]?.isWanted = true
      state.nodes[name]?.isPaused = false
      state.nodes[name]?.hasFailed = false
      state.nodes[name]?.startCount += 1
    }
    let child: ChildProcess
    do throws(LaunchError) {
      child = try await ChildProcess.start(command)
    } catch {
      state.update { state in
        state.nodes[name]?.phase = .notStarted
        state.nodes[name]?.isWanted = false
      }
      throw error
    }
    running.withLock { $0[name] = child }
    state.update { $0.nodes[name]?.pid = child.pid }
    announce.yield((name, child))
  }

  func kill(_ name: NodeName) async {
    state.update { $0.nodes[name]?.isWanted = false }
    guard let child = running.withLock({ $0[name] }) else { return }
    child.send(SIGKILL)
    _ = await child.stop(grace: .zero)
    await settled(name)
  }

  func stop(_ name: NodeName) async -> ExitStatus? {
    state.update { $0.nodes[name]?.isWanted = false }
    guard let child = running.withLock({ $0[name] }) else { return nil }
    // One that stands still would hear nothing of its end.
    child.send(SIGCONT)
    let status = await child.stop(grace: LocalNetwork.stopGrace)
    await settled(name)
    return status
  }

  /// Lets a child stand still, or go on.
  func setPaused(_ isPaused: Bool, _ name: NodeName) {
    guard let child = running.withLock({ $0[name] }) else { return }
    child.send(isPaused ? SIGSTOP : SIGCONT)
    state.update { $0.nodes[name]?.isPaused = isPaused }
  }

  /// Stops everything: first those that ask the chain, then the chain, so that nobody waits for it in vain.
  func stopAll() async {
    announce.finish()
    state.update { state in
      for name in state.nodes.keys { state.nodes[name]?.isWanted = false }
    }
    let children = running.withLock { $0 }
    for (_, child) in children { child.send(SIGCONT) }
    await withDiscardingTaskGroup { group in
      for (name, child) in children where name != .chain {
        group.addTask { _ = await child.stop(grace: LocalNetwork.stopGrace) }
      }
    }
    _ = await children[.chain]?.stop(grace: LocalNetwork.stopGrace)
  }

  /// Waits until the reader has noted the end, so that a restart is not taken for it.
  private func settled(_ name: NodeName) async {
    _ = try? await state.first(within: LocalNetwork.stopGrace) { state -> Bool? in
      if case .ended? = state.nodes[name]?.phase { true } else { nil }
    }
  }

  private func read(_ name: NodeName, _ child: ChildProcess) async {
    for await line in child.lines {
      guard let ready = ReadyLine(parsing: line) else { continue }
      state.update { state in
        state.nodes[name]?.readyLine = ready
        state.nodes[name]?.phase = .ready
      }
    }
    let status: ExitStatus
    do {
      status = try await child.ended()
    } catch {
      // Only a cancelled wait throws, and then the child ends with everything else.
      status = await child.stop(grace: LocalNetwork.stopGrace)
    }
    running.withLock { running in
      if running[name] === child { running[name] = nil }
    }
    state.update { state in
      state.nodes[name]?.phase = .ended(status)
      if state.outlivesNodes, state.nodes[name]?.isWanted == true {
        state.nodes[name]?.isWanted = false
        state.nodes[name]?.hasFailed = true
      }
    }
  }
}
