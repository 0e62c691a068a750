package import Daemon
import Glibc
package import SubnetKit

/// The other end of the pipes: a mechanism of this program, served to the node that started it.
package enum PluginServer {
  /// Requests of one mechanism at one time; authors' types are `Sendable`.
  static let concurrency = 16

  /// Serves a mechanism on standard input and output until the input ends.
  ///
  /// Standard output belongs to the node from now on: what the program prints goes to standard error.
  ///
  /// - Returns: What to exit with.
  package static func run(_ type: any IncentiveMechanism.Type) async -> ExitCode {
    if isatty(STDIN_FILENO) != 0 || isatty(STDOUT_FILENO) != 0 {
      Terminal.standardError.write("This is a plugin, which a node starts. Try: subnet plugin check PROGRAM\n")
      return .usage
    }
    let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard output >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { return .failed }
    return await serve(type, input: STDIN_FILENO, output: output)
  }

  /// The same on other descriptors; the output is closed at the end.
  package static func serve(_ type: any IncentiveMechanism.Type, input: Int32, output: Int32) async -> ExitCode {
    let frames = FrameSource.frames(from: input)
    let writer = FrameWriter(to: output)
    let serving = ServedMechanism(type)
    var code = ExitCode.done
    await withDiscardingTaskGroup { group in
      for await frame in frames {
        guard case .message(let bytes) = frame, let asked = try? PluginRequest.decode(bytes) else {
          Terminal.standardError.write("plugin: the node wrote what is no request of protocol 1\n")
          code = .failed
          break
        }
        group.addTask {
          let reply = await serving.answer(asked.request)
          writer.write(reply, id: asked.id)
        }
      }
      // Nobody waits for what is still at work.
      group.cancelAll()
    }
    await writer.finish()
    return code
  }
}

/// A mechanism from its greeting to its answers.
private actor ServedMechanism {
  private let type: any IncentiveMechanism.Type
  private var host: MechanismHost?

  init(_ type: any IncentiveMechanism.Type) { self.type = type }

  func answer(_ request: PluginRequest?) async -> PluginReply {
    do {
      return try await reply(to: request)
    } catch let error as MechanismError {
      return .failure(code: error.code.name, message: error.message)
    } catch {
      return .failure(code: MechanismError.Code.failed.name, message: "\(error)")
    }
  }

  private func reply(to request: PluginRequest?) async throws -> PluginReply {
    switch request {
    case .hello:
      return .greeting(
        PluginGreeting(
          name: type.name, version: type.version, summary: type.summary, options: type.options.help,
          concurrency: PluginServer.concurrency))
    case .setUp(let role, let options):
      let host = try await MechanismHost(type, role: role, arguments: options)
      self.host = host
      return .ready(PluginPolicy(host.policy))
    case .makeTask(let round, let seed):
      var random = SeededRandom(seed: seed)
      return .task(try await running.makeTask(round, random: &random))
    case .forward(let request, let context):
      return .response(try await running.forward(request, context))
    case .score(let answers, let task, let context):
      return .scores(try await running.score(answers, for: task, context).map { PluginWorth($0) })
    case .checkpoint:
      return .memory(try await running.checkpoint())
    case .restore(let memory):
      try await running.restore(memory)
      return .restored
    case nil:
      throw MechanismError(.failed, "The program does not know the request; build it with a newer SubnetKit.")
    }
  }

  private var running: MechanismHost {
    get throws {
      guard let host else { throw MechanismError(.failed, "The node asked before it set the mechanism up.") }
      return host
    }
  }
}
