import Daemon
import Glibc
import SubnetKit

/// The life of one plugin on its own thread: starts the program, speaks to it, kills it, and starts it again.
///
/// The program dies with the thread that started it, so the thread lives as long as the plugin does.
struct PluginAttendant {
  /// How far the program has come.
  private enum Stage: Hashable {
    case down(until: ContinuousClock.Instant)
    case greeting, settingUp, restoring
    case ready
  }

  /// Ids of the thread's own requests.
  private enum OwnID {
    static let hello: UInt64 = 1
    static let setUp: UInt64 = 2
    static let restore: UInt64 = 3
  }

  private let launch: PluginLaunch
  private let limits: PluginLimits
  private let inbox: PluginInbox
  private let log: Logger
  private var starter: CheckedContinuation<Result<PluginIntroduction, PluginError>, Never>?

  private var stage = Stage.down(until: .now)
  private var process: PluginProcess?
  private var startedAt = ContinuousClock.now
  private var diary: PluginDiary
  private var calls = CallTable()
  private var greeting: PluginGreeting?
  /// As it was stated first; it counts for as long as the node runs.
  private var introduction: PluginIntroduction?
  private var memory: [UInt8]?
  private var restartCount = 0
  private var lastFailure: PluginError?
  private var folderCheckAt = ContinuousClock.now
  private var isDone = false

  private static let folderCheckInterval: Duration = .milliseconds(500)
  private static let idleFolderCheckInterval: Duration = .seconds(2)
  /// How long a process whose pipes are closed may take to end, so that its end can be told.
  private static let lastWordsTime: Duration = .seconds(1)
  /// A process that lived so long has earned a quick restart.
  private static let provenLife: Duration = .seconds(60)

  init(
    _ launch: PluginLaunch, inbox: PluginInbox,
    starter: CheckedContinuation<Result<PluginIntroduction, PluginError>, Never>
  ) {
    self.launch = launch
    self.inbox = inbox
    self.starter = starter
    limits = launch.limits
    log = launch.log
    diary = PluginDiary(
      linesPerSecond: launch.limits.logLinesPerSecond, bytesPerSecond: launch.limits.logBytesPerSecond, at: .now)
  }

  private var name: String { launch.program.name }

  /// Works until it is told to stop, or until the first start has failed.
  mutating func run() {
    while !isDone {
      if case .down(let instant) = stage, instant <= .now { begin() }
      if !isDone { waitForEvents() }
      for message in inbox.takeAll() where !isDone { take(message) }
      if process != nil { attend() }
      expire()
      sendWaiting()
    }
    for message in inbox.close() { refuse(message) }
    for call in calls.takeWaiting() + calls.takeUnderway() { call.waiter.resume(returning: .failure(stopped)) }
  }

  // MARK: Waiting

  private func waitForEvents() {
    var queries = [pollfd(fd: inbox.wakeUp, events: Int16(POLLIN), revents: 0)]
    var instants = [calls.nextInstant(limit: limits.callTime)]
    if let process {
      queries.append(pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0))
      queries.append(pollfd(fd: process.output, events: Int16(POLLIN), revents: 0))
      var diary = diary
      let pause = diary.pause(at: .now)
      // A negative descriptor is passed over.
      queries.append(pollfd(fd: pause == nil ? process.errors : -1, events: Int16(POLLIN), revents: 0))
      queries.append(pollfd(fd: process.hasOutgoing ? process.input : -1, events: Int16(POLLOUT), revents: 0))
      instants += [pause, folderCheckAt, stage == .ready ? nil : startedAt + limits.startTime]
    }
    if case .down(let until) = stage { instants.append(until) }
    let next = instants.compactMap { $0 }.min()
    let timeout = next.map { Int32(clamping: max(0, ($0 - .now).wholeMilliseconds) + 1) } ?? -1
    _ = poll(&queries, nfds_t(queries.count), timeout)
  }

  private mutating func take(_ message: PluginInbox.Message) {
    switch message {
    case .call(let call):
      guard calls.count < limits.queueLength else {
        let error = PluginError(name, .busy, "has \(calls.count) calls to do already")
        return call.waiter.resume(returning: .failure(error))
      }
      calls.add(call)
    case .cancel(let id):
      let error = PluginError(name, .cancelled, "was asked by somebody who left")
      calls.cancel(id)?.waiter.resume(returning: .failure(error))
    case .keep(let content): memory = content
    case .forgive: restartCount = 0
    case .stop(let waiter):
      waiter?.resume(returning: stop())
    }
  }

  private func refuse(_ message: PluginInbox.Message) {
    switch message {
    case .call(let call): call.waiter.resume(returning: .failure(stopped))
    case .cancel, .keep, .forgive: break
    case .stop(let waiter): waiter?.resume(returning: nil)
    }
  }

  private var stopped: PluginError { PluginError(name, .stopped, "is stopped") }

  // MARK: Starting and ending

  private mutating func begin() {
    startedAt = .now
    folderCheckAt = startedAt + PluginAttendant.folderCheckInterval
    do throws(PluginError) {
      process = try PluginProcess(
        launch.program, launch.paths, limits, launch.protections, network: launch.access.network)
      stage = .greeting
      try ask(.hello(protocolVersion: PluginRequest.protocolVersion), id: OwnID.hello)
    } catch {
      fail(error)
    }
  }

  private func ask(_ request: PluginRequest, id: UInt64) throws(PluginError) {
    process?.send(PluginFrame.framed(try request.encoded(id: id, timeLimit: limits.startTime, for: name)))
  }

  /// - Returns: How the process ended by itself; nil when it was killed, or there was none.
  private mutating func stop() -> Daemon.ExitStatus? {
    process?.closeInput()
    var hasEnded = false
    if let process, process.hasEnded(within: limits.endTime) {
      hasEnded = true
      readDiary()
    }
    let status = process?.end()
    process = nil
    isDone = true
    starter?.resume(returning: .failure(stopped))
    starter = nil
    return hasEnded ? status : nil
  }

  /// Ends the process after a misdeed; every call that it was at work on fails with it.
  private mutating func fail(_ error: PluginError) {
    readDiary()
    _ = process?.end()
    process = nil
    lastFailure = error
    for call in calls.takeUnderway() { call.waiter.resume(returning: .failure(error)) }
    if let starter {
      self.starter = nil
      isDone = true
      return starter.resume(returning: .failure(error))
    }
    if .now - startedAt >= PluginAttendant.provenLife { restartCount = 0 }
    let delay = min(limits.restartDelayLimit, limits.restartDelay * (1 << min(restartCount, 16)))
    restartCount += 1
    stage = .down(until: .now + delay)
    log.error(
      "the plugin failed and will be started again",
      [
        .plugin: .text(name), .reason: .of(error), .attempt: .number(restartCount),
        .retryMilliseconds: .number(delay.wholeMilliseconds),
      ])
  }

  // MARK: Speaking

  /// Moves what the pipes hold, and notices how the process does.
  private mutating func attend() {
    readDiary()
    guard let process else { return }
    // Asked before reading: what is there after the end is all there is.
    let hasEnded = process.hasEnded(within: .zero)
    do {
      let canWrite = process.writesOutgoing()
      let messages = try process.readMessages()
      for message in messages {
        try take(message)
        // A misdeed inside of an answer has ended the process.
        guard self.process != nil else { return }
      }
      // What it said before counts, so its end comes after its last message.
      if messages.isEmpty, hasEnded || !canWrite { fail(ended("closed its standard input or output")) }
    } catch let end as PluginProcess.PipeEnd {
      switch end {
      case .closed: fail(ended("closed its standard input or output"))
      case .frameTooLarge(let frame):
        fail(
          PluginError(
            name, .frameTooLarge, "announced a frame of \(frame.announced) bytes; the limit is \(frame.limit)"))
      }
    } catch let error as PluginError {
      fail(error)
    } catch {
      preconditionFailure("Only the two are thrown: \(error)")
    }
  }

  /// What to say of a process whose pipes are closed: its end says more than its pipes, if it comes now.
  private mutating func ended(_ otherwise: String) -> PluginError {
    let doing = "at work on \(stage == .ready ? calls.underwayNames : "its start")"
    let status: Daemon.ExitStatus?
    if let process, process.hasEnded(within: PluginAttendant.lastWordsTime) {
      readDiary()
      status = process.end()
      self.process = nil
    } else {
      readDiary()
      status = nil
    }
    let words = diary.lastLines.isEmpty ? "" : "; its last words: \(diary.lastLines.joined(separator: " | "))"
    let how =
      switch status {
      case .signalled(SIGXCPU): "used up its processor time"
      case .some(let status): "ended with \(status)"
      case nil: otherwise
      }
    return PluginError(name, .ended, "\(how), \(doing)\(words)")
  }

  private mutating func take(_ message: [UInt8]) throws(PluginError) {
    let (id, reply) = try PluginReply.decoded(message, from: name)
    switch (stage, id) {
    case (.greeting, OwnID.hello): try greet(reply)
    case (.settingUp, OwnID.setUp), (.restoring, OwnID.restore): try advance(reply)
    default:
      guard let entry = calls.finish(id) else {
        throw PluginError(name, .garbage, "answered request \(id), which it was not asked")
      }
      let result = entry.call.result(of: reply, from: name)
      if entry.hasWaiter { entry.call.waiter.resume(returning: result) }
      if case .failure(let error) = result, error.code == .garbage { throw error }
    }
  }

  private mutating func greet(_ reply: PluginReply) throws(PluginError) {
    guard case .greeting(let greeting) = reply else { throw unexpected(reply, "hello") }
    try launch.check(greeting, after: self.greeting)
    self.greeting = greeting
    stage = .settingUp
    try ask(.setUp(launch.role, options: launch.options), id: OwnID.setUp)
  }

  /// From one step of the start to the next.
  private mutating func advance(_ reply: PluginReply) throws(PluginError) {
    switch (stage, reply) {
    case (.settingUp, .ready(let policy)):
      try adopt(policy)
      guard let memory else { break }
      stage = .restoring
      return try ask(.restore(memory), id: OwnID.restore)
    case (.restoring, .restored): break
    default: throw unexpected(reply, stage == .settingUp ? "set_up" : "restore")
    }
    stage = .ready
    guard let greeting, let introduction, let process else { return }
    log.info(
      "plugin started",
      [
        .plugin: .text(name), .mechanism: .text(greeting.name), .version: .number(greeting.version),
        .pid: .number(process.pid), .protections: .text(launch.protections.summary),
      ])
    starter?.resume(returning: .success(introduction))
    starter = nil
  }

  private mutating func adopt(_ policy: PluginPolicy) throws(PluginError) {
    guard let greeting else { return }
    guard let before = introduction?.stated else {
      // Refused here, before the program counts as started.
      introduction = PluginIntroduction(greeting: greeting, stated: policy, policy: try policy.policy(of: name))
      if !policy.functions.isEmpty {
        log.warning(
          "the plugin's policy has functions, which only a linked mechanism keeps; their parts are as by default",
          [.plugin: .text(name), .missing: .text(policy.functions.joined(separator: ", "))])
      }
      return
    }
    if before != policy {
      log.warning(
        "the plugin states another policy than at its start; that one counts until the node starts again",
        [.plugin: .text(name), .reason: .text(policy.words.joined(separator: "; "))])
    }
  }

  private func unexpected(_ reply: PluginReply, _ request: String) -> PluginError {
    if case .failure(let code, let message) = reply {
      return PluginError(name, .mechanism(code), "refused \(request): \(code): \(message)")
    }
    return PluginError(name, .garbage, "answered \(request) with \(reply.name)")
  }

  private mutating func sendWaiting() {
    guard stage == .ready, let process, let greeting else { return }
    while let call = calls.start(at: .now, concurrency: greeting.concurrency) { process.send(call.frame) }
  }

  // MARK: Limits

  private mutating func expire() {
    let now = ContinuousClock.now
    if process != nil, stage != .ready, now >= startedAt + limits.startTime {
      fail(PluginError(name, .tooSlow, "was not ready within \(limits.startTime.text) and was killed"))
    }
    if let call = calls.overdue(at: now, limit: limits.callTime) {
      fail(PluginError(name, .tooSlow, "did not answer \(call.name) within \(limits.callTime.text) and was killed"))
    }
    for (call, isUnderway) in calls.expire(at: now) {
      call.waiter.resume(returning: .failure(late(call, isUnderway)))
    }
    if let process, now >= folderCheckAt {
      folderCheckAt =
        now + (calls.isIdle ? PluginAttendant.idleFolderCheckInterval : PluginAttendant.folderCheckInterval)
      if let excess = process.folderExcess(limits) {
        fail(PluginError(name, .folderTooLarge, "\(excess) and was killed"))
      }
    }
  }

  private func late(_ call: PluginCall, _ isUnderway: Bool) -> PluginError {
    let what = "did not answer \(call.name) within \(call.limit.text)"
    if isUnderway { return PluginError(name, .tooSlow, what) }
    if stage != .ready, let lastFailure {
      return PluginError(name, lastFailure.code, "\(lastFailure.message), and is not ready again")
    }
    return PluginError(name, .tooSlow, "\(what): it was at work on \(calls.underwayNames)")
  }

  /// Moves standard error to the log, as much as the limits allow.
  private mutating func readDiary() {
    while let process, diary.pause(at: .now) == nil, let piece = process.readErrors() {
      let excerpt = diary.take(piece, at: .now)
      if excerpt.dropped > 0 {
        log.warning("plugin lines dropped", [.plugin: .text(name), .dropped: .number(excerpt.dropped)])
      }
      for line in excerpt.lines {
        log.info("plugin says", [.plugin: .text(name), .message: .text(line)])
      }
      if piece.isEmpty { return }
    }
  }
}

extension PluginCall {
  /// What the waiter gets for an answer.
  fileprivate func result(of reply: PluginReply, from plugin: String) -> Result<PluginReply, PluginError> {
    if case .failure(let code, let message) = reply {
      return .failure(PluginError(plugin, .mechanism(code), "failed at \(name): \(code): \(message)"))
    }
    guard reply.name == answerName else {
      return .failure(PluginError(plugin, .garbage, "answered \(name) with \(reply.name)"))
    }
    return .success(reply)
  }
}
