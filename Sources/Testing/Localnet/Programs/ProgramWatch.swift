import Daemon
import Glibc

/// Looks at what a network's nodes are made of, builds it when it changes, and starts those nodes again.
///
/// A program that does not build, or does not start, leaves the network as it is.
package struct ProgramWatch: Sendable {
  /// What happened, for whoever shows it.
  package enum Event: Sendable {
    case building
    /// The nodes go on with the program that they have.
    case notBuilt(ProgramError)
    /// It ends at once, or refuses its options; the nodes go on with the program that they have.
    case notStarting(ProgramError)
    case restarted([NodeName], after: Duration)
    case notRestarted(NodeName, reason: String)
  }

  /// A set of files, and the nodes that run what is made of them.
  private struct Part {
    let roles: [NodeRole]
    let sources: SourceFiles
    let program: AuthorProgram?
  }

  /// Between two looks at the files.
  private static let lookPause: Duration = .milliseconds(200)

  /// Lines of a failed node's log that are shown.
  private static let shownLines = 6

  private let network: LocalNetwork
  private let parts: [Part]
  /// How the files of each part looked at first; a change before the first look of `run` counts too.
  private let firstMarks: [[String: FileMark]]
  private let attempt: Attempt
  private let report: @Sendable (Event) async -> Void

  /// Starts a changed program beside the network and ends it again.
  ///
  /// Given the options of a node of that role; throws why it does not start.
  package typealias Attempt = @Sendable (AuthorProgram, NodeRole, [String]) async throws(ProgramError) -> Void

  /// Watches the author's program, or, without one, the executables of this build, from now on.
  ///
  /// - Parameter attempt: What is done before any node is given a changed program; without it a node tries it.
  package init(
    of network: LocalNetwork, trying attempt: @escaping Attempt = { _, _, _ throws(ProgramError) in },
    report: @escaping @Sendable (Event) async -> Void
  ) {
    let plan = network.plan
    self.network = network
    self.attempt = attempt
    self.report = report
    if let program = plan.plugin {
      parts = [Part(roles: [.miner, .validator], sources: program.sources, program: program)]
    } else {
      parts = [NodeRole.miner, .validator].map { role in
        Part(
          roles: [role], sources: SourceFiles(roots: ["\(plan.executables)/\(role.rawValue)"], endings: []),
          program: nil)
      }
    }
    firstMarks = parts.map(\.sources.marks)
  }

  /// Works until cancelled.
  package func run() async throws {
    var seen = firstMarks
    while true {
      try await Task.sleep(for: ProgramWatch.lookPause)
      for (index, part) in parts.enumerated() {
        let marks = part.sources.marks
        guard marks != seen[index], !marks.isEmpty else { continue }
        // Editors write several files, or one in several steps: wait until all is quiet.
        seen[index] = try await quietMarks(of: part, after: marks)
        try await renew(part)
      }
    }
  }

  private func quietMarks(of part: Part, after first: [String: FileMark]) async throws -> [String: FileMark] {
    var marks = first
    while true {
      try await Task.sleep(for: ProgramWatch.lookPause)
      let next = part.sources.marks
      if next == marks { return next }
      marks = next
    }
  }

  private func tell(_ event: Event) async {
    let note: String? =
      switch event {
      case .building: nil
      case .notBuilt: "the changed program was not built; see \(network.plan.folder.buildLog)"
      case .notStarting: "the changed program does not start; the nodes go on with the one they have"
      case .restarted: ""
      case .notRestarted(let node, _): "\(node) did not start with the changed program; see its log"
      }
    if let note { network.state.update { $0.programNote = note.isEmpty ? nil : note } }
    await report(event)
  }

  private func renew(_ part: Part) async throws {
    let start = ContinuousClock.now
    if let program = part.program {
      let before = FileMark(program.path)
      do {
        if program.package != nil { await tell(.building) }
        try await program.build(logIn: network.plan.folder)
      } catch let error as ProgramError {
        return await tell(.notBuilt(error))
      }
      // A change of a test, or one that was taken back, makes no other program.
      guard program.package == nil || FileMark(program.path) != before else {
        return network.state.update { $0.programNote = nil }
      }
      do {
        try await tryOnce(program, for: part.roles)
      } catch let error as ProgramError {
        return await tell(.notStarting(error))
      }
    } else if part.sources.roots.contains(where: { access($0, X_OK) != 0 }) {
      // A linker is writing it: what it leaves in the end is another change.
      return
    }
    let restarted = await network.inTurn { await restart(part.roles) }
    try Task.checkCancellation()
    if !restarted.isEmpty { await tell(.restarted(restarted, after: start.duration(to: .now))) }
  }

  /// Tries a program in each role, with the options of the first node that has it.
  private func tryOnce(_ program: AuthorProgram, for roles: [NodeRole]) async throws {
    for role in roles {
      guard let node = network.plan.neurons.first(where: { $0.name.role == role })?.name else { continue }
      try await attempt(program, role, network.plan.mechanismOptions(of: node))
    }
    try Task.checkCancellation()
  }

  /// Starts the running nodes of these roles again, and those that failed before; nobody who was stopped on purpose.
  ///
  /// One node tries the program first. When it does not start, the others keep the program that they run.
  private func restart(_ roles: [NodeRole]) async -> [NodeName] {
    let nodes = network.state.state.nodes.filter { name, status in
      roles.contains(name.role) && (status.isRunning || status.hasFailed) && !status.isPaused
    }
    // Who has failed already has nothing to lose; then miners, of which there are more.
    let order = nodes.sorted { left, right in
      (left.value.hasFailed ? 0 : 1, left.key.role == .miner ? 0 : 1, left.key)
        < (right.value.hasFailed ? 0 : 1, right.key.role == .miner ? 0 : 1, right.key)
    }.map(\.key)
    guard let first = order.first, await restart(first) else { return [] }
    return await withTaskGroup(of: NodeName?.self) { group in
      for name in order.dropFirst() { group.addTask { await restart(name) ? name : nil } }
      var restarted = [first]
      for await name in group { if let name { restarted.append(name) } }
      return restarted.sorted()
    }
  }

  /// Starts one node again and tells when it does not come up.
  private func restart(_ name: NodeName) async -> Bool {
    do {
      await network.stop(name)
      try await network.restart(name)
      return true
    } catch let LocalnetError.nodeEnded(_, status, log, tail) {
      let words = tail.suffix(ProgramWatch.shownLines).map { NodeLogLine(node: "\(name)", line: $0).text(in: .text) }
      await tell(
        .notRestarted(name, reason: (["it ended with \(status); the end of \(log):"] + words).joined(separator: "\n")))
    } catch {
      if !Task.isCancelled { await tell(.notRestarted(name, reason: "\(error)")) }
    }
    return false
  }
}
