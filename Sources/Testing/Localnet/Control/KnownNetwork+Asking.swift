import Daemon
package import JSONText

extension KnownNetwork {
  /// Asks the network's launcher for something and waits until it is done.
  ///
  /// - Returns: The answer's `result`.
  /// - Throws: `notRunning`, `noAnswer`, or `refused` with the launcher's own words.
  package func ask(_ request: ControlRequest, within limit: Duration? = nil) async throws(NetworkRefusal) -> JSONValue {
    guard isRunning else { throw .notRunning(self) }
    let answer: String
    do throws(SocketError) {
      answer = try await askLine(request.line, at: folder.controlSocket, within: limit ?? request.limit)
    } catch {
      guard !isRunning || !error.isAbsence else {
        throw .refused("the launcher of network \(name) does not listen yet; try again in a moment", .failed)
      }
      // It may have ended just now.
      throw isRunning ? .noAnswer(name, folder.launcher, reason: error.description) : .notRunning(self)
    }
    guard let document = try? JSONValue(parsing: answer), let isDone = try? document.member("ok").bool() else {
      throw .noAnswer(name, folder.launcher, reason: "it answers with something else: install all programs together")
    }
    guard !isDone else { return document["result"] ?? .null }
    let code = (try? document.member("exit_code").integer(Int32.self)).flatMap(ExitCode.init) ?? .failed
    throw .refused((try? document.member("error").string()) ?? "the launcher refused", code)
  }
}

/// The launcher's answer as one line of the protocol.
enum ControlAnswer {
  static func done(_ result: JSONValue) -> String {
    (["ok": true, "result": result] as JSONValue).compactText
  }

  static func refused(_ error: any Error) -> String {
    let code = (error as? any ExitCoding)?.exitCode ?? .failed
    return (["ok": false, "error": .text("\(error)"), "exit_code": JSONValue(code.rawValue)] as JSONValue).compactText
  }
}
