import CLinux
import Daemon
import Glibc
import Wire

/// One running process of a plugin program, with its pipes and its folder. Belongs to the thread that started it.
final class PluginProcess {
  let pid: Int32
  /// Readable when the process has ended.
  let descriptor: Int32
  private(set) var input: Int32
  private(set) var output: Int32
  private(set) var errors: Int32
  private let folder: WorkFolder
  private var outgoing: [UInt8] = []
  private var sent = 0
  private var assembler = FrameAssembler(limit: WireLimits.pluginReplyBytes)

  private static let pieceSize = 64 * 1024
  /// Pieces read in one turn, so that one pipe cannot keep the thread from its clock.
  private static let piecesPerTurn = 16

  /// How a pipe came to an end.
  enum PipeEnd: Error {
    case closed
    case frameTooLarge(FrameAssembler.TooLarge)
  }

  init(
    _ program: PluginProgram, _ paths: ReadablePaths, _ limits: PluginLimits, _ protections: PluginProtections,
    network: Bool
  ) throws(PluginError) {
    guard let folder = WorkFolder.make() else {
      throw PluginError(
        program.name, .notStarted,
        "has no folder to work in, in \(WorkFolder.root): \(String(cString: strerror(errno)))")
    }
    let confined = PluginProcess.start(program, paths, limits, protections, network: network, in: folder.path)
    guard confined.pid > 0 else {
      let call = confined.failed_call.map { String(cString: $0) } ?? "start"
      throw PluginError(program.name, .notStarted, PluginProcess.reason(for: call, confined.code))
    }
    self.folder = folder
    pid = confined.pid
    (input, output, errors) = (confined.input, confined.output, confined.errors)
    descriptor = clinux_pidfd_open(pid)
    if descriptor < 0 {
      let code = errno
      _ = end()
      throw PluginError(program.name, .notStarted, "was not started: pidfd_open: \(String(cString: strerror(code)))")
    }
  }

  deinit {
    for pipe in [input, output, errors, descriptor] where pipe >= 0 { close(pipe) }
  }

  /// Why no process came to be: what the two commonest codes of the system mean for a program's author.
  private static func reason(for call: String, _ code: Int32) -> String {
    switch (call, code) {
    case ("execve", ENOENT): "was not started: the interpreter that its first line names is not on this machine"
    case ("execve", ENOEXEC): "is no program: a script begins with a line such as #!/usr/bin/env python3"
    default: "was not started: \(call): \(String(cString: strerror(code)))"
    }
  }

  private static func start(
    _ program: PluginProgram, _ paths: ReadablePaths, _ limits: PluginLimits, _ protections: PluginProtections,
    network: Bool, in folder: String
  ) -> clinux_confined {
    let words = ([program.path] + program.arguments).map { strdup($0) } + [nil]
    let readable = paths.granted.map { strdup($0) } + [nil]
    let listed = paths.listed.map { strdup($0) } + [nil]
    let (file, place) = (strdup(program.path), strdup(folder))
    defer { (words + readable + listed + [file, place]).forEach { free($0) } }
    return words.withUnsafeBufferPointer { words in
      readable.map { UnsafePointer($0) }.withUnsafeBufferPointer { readable in
        listed.map { UnsafePointer($0) }.withUnsafeBufferPointer { listed in
          var confinement = clinux_confinement()
          confinement.program = UnsafePointer(file)
          confinement.arguments = words.baseAddress
          confinement.folder = UnsafePointer(place)
          confinement.readable = readable.baseAddress
          confinement.listed = listed.baseAddress
          confinement.cpu_seconds = limits.processorSeconds
          confinement.memory_bytes = limits.memoryBytes
          confinement.file_bytes = limits.fileBytes
          confinement.open_files = limits.openFiles
          confinement.threads = limits.threads
          confinement.changes_user = protections.hasOwnUser ? 1 : 0
          confinement.allows_network = network ? 1 : 0
          confinement.landlock_version = protections.landlockVersion
          confinement.has_system_call_filter = protections.filtersSystemCalls ? 1 : 0
          return clinux_start_confined(&confinement)
        }
      }
    }
  }

  /// Whether something waits to be written.
  var hasOutgoing: Bool { sent < outgoing.count }

  func send(_ frame: [UInt8]) {
    if sent > 0 {
      outgoing.removeFirst(sent)
      sent = 0
    }
    outgoing += frame
  }

  /// Writes what the pipe takes now; false when the program reads no more.
  func writesOutgoing() -> Bool {
    while hasOutgoing {
      let count = outgoing[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return true }
      guard count > 0 else { return false }
      sent += count
    }
    (outgoing, sent) = ([], 0)
    return true
  }

  /// Reads what the program has said since, by whole messages.
  func readMessages() throws(PipeEnd) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    for _ in 0..<PluginProcess.piecesPerTurn {
      guard let piece = PluginProcess.piece(from: output) else { return messages }
      guard !piece.isEmpty else {
        // What was said before the end counts first; the end is met again in the next turn.
        if messages.isEmpty { throw .closed }
        return messages
      }
      assembler.append(piece)
      do throws(FrameAssembler.TooLarge) {
        while let message = try assembler.next() { messages.append(message) }
      } catch {
        throw .frameTooLarge(error)
      }
    }
    return messages
  }

  /// Reads what the program has written to standard error; nil when there is nothing now.
  ///
  /// - Returns: Empty at the end; the pipe is closed then.
  func readErrors() -> [UInt8]? {
    guard errors >= 0, let piece = PluginProcess.piece(from: errors) else { return nil }
    if piece.isEmpty {
      close(errors)
      errors = -1
    }
    return piece
  }

  private static func piece(from descriptor: Int32) -> [UInt8]? {
    while true {
      var code: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, filled in
        let count = read(descriptor, buffer.baseAddress, pieceSize)
        code = count < 0 ? errno : 0
        filled = max(0, count)
      }
      switch code {
      case 0: return piece
      case EINTR: continue
      case EAGAIN: return nil
      default: return []
      }
    }
  }

  /// Waits for the process to end by itself.
  func hasEnded(within limit: Duration) -> Bool {
    var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let deadline = ContinuousClock.now + limit
    while true {
      let left = max(0, (deadline - .now).wholeMilliseconds)
      let count = poll(&query, 1, Int32(clamping: left))
      if count > 0 { return true }
      if count == 0 { return false }
      guard errno == EINTR else { return false }
    }
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Kills what is left and collects it.
  func end() -> Daemon.ExitStatus {
    // Until it is collected its number is its own; it may have left its group, so both are meant.
    kill(-pid, SIGKILL)
    kill(pid, SIGKILL)
    var word: Int32 = 0
    while waitpid(pid, &word, 0) < 0, errno == EINTR {}
    return Daemon.ExitStatus(waitStatus: word)
  }

  /// Why its folder is too large; nil when it is not.
  func folderExcess(_ limits: PluginLimits) -> String? {
    let content = folder.measured(entryLimit: limits.folderEntries)
    if content.bytes > limits.folderBytes { return "wrote \(content.bytes) bytes to its folder" }
    if content.entries > limits.folderEntries { return "made over \(limits.folderEntries) files in its folder" }
    return content.isTooDeep ? "made too many folders within each other" : nil
  }
}
