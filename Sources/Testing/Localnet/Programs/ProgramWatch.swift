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

  private let network: LocalNetwork
  private let parts: [Part]
  private let report: @Sendable (Event) async -> Void

  /// Watches the author's program, or, without one, the executables of this build.
  package init(of network: LocalNetwork, report: @escaping @Sendable (Event) async -> Void) {
    let plan = network.plan
    self.network = network
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
  }

  /// Works until cancelled.
  package func run() async throws {
    var seen = parts.map(\.sources.marks)
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
      case .restarted: ""
      case .notRestarted(let node, _): "\(node) did not start with the changed program; see its log"
      }
    if let note { network.state.update { $0.programNote = note.isEmpty ? nil : note } }
    await report(event)
  }

  private func renew(_ part: Part) async throws {
    let start = ContinuousClock.now
    if let program = part.program {
      do {
        if program.package != nil { await tell(.building) }
        try await program.build(logIn: network.plan.folder)
      } catch let error as ProgramError {
        return await tell(.notBuilt(error))
      }
    } else if part.sources.roots.contains(where: { access($0, X_OK) != 0 }) {
      // A linker is writing it: what it leaves in the end is another change.
      return
    }
    let restarted = await network.inTurn { await restart(part.roles) }
    try Task.checkCancellation()
    if !restarted.isEmpty { await tell(.restarted(restarted, after: start.duration(to: .now))) }
  }

  /// Starts the running nodes of these roles again, and those that failed before; nobody who was stopped on purpose.
  private func restart(_ roles: [NodeRole]) async -> [NodeName] {
    let nodes = network.state.state.nodes.filter { name, status in
      roles.contains(name.role) && (status.isRunning || status.hasFailed) && !status.isPaused
    }
    return await withTaskGroup(of: NodeName?.self) { group in
      for name in nodes.keys {
        group.addTask {
          do {
            await network.stop(name)
            try await network.restart(name)
            return name
          } catch {
            if !Task.isCancelled { await tell(.notRestarted(name, reason: "\(error)")) }
            return nil
          }
        }
      }
      var restarted: [NodeName] = []
      for await name in group { if let name { restarted.append(name) } }
      return restarted.sorted()
    }
  }
}
