import SubnetKit
import Wire

// Answers in parts: each outlives the request that started it, and is asked for part by part.
extension Axon {
  /// One answer in parts that is still to be worked on.
  struct StreamJob: Sendable {
    let request: AdmittedRequest
    let payload: [UInt8]
    let stream: MinerStream
  }

  /// Starts an answer in parts, or goes on with one: the next part, as soon as it is there.
  func nextPart(for request: AdmittedRequest) async throws(AxonRefusal) -> [UInt8] {
    let time = surroundings.time
    let stream: MinerStream
    let index: Int
    switch StreamRequest(request.payload) {
    case .start(let payload):
      let id = request.cover.envelope.requestID
      let expires = time.elapsed + request.timeRemaining
      guard let opened = streams.open(id, for: request.caller.hotkey, until: expires, now: time.elapsed) else {
        throw gate.noPlace(limit: gate.settings.callerConcurrencyLimit)
      }
      (stream, index) = (opened, 0)
      streamInbox.yield(StreamJob(request: request, payload: payload, stream: stream))
    case .next(let id, let next):
      guard let open = streams.find(id, of: request.caller.hotkey, now: time.elapsed) else {
        throw .mechanism(MechanismError(.malformedRequest, "There is no such answer in parts, or not any more."))
      }
      (stream, index) = (open, Int(next))
    case nil:
      throw .mechanism(MechanismError(.malformedRequest, "The request does not say which part it asks for."))
    }
    let part = await time.limited(to: request.timeRemaining) { await stream.part(at: index) } ?? nil
    guard let part else { throw .tooLate }
    return try part.get().bytes
  }

  /// Works on the answers in parts until cancelled; each outlives the request that started it.
  func workOnStreams() async {
    await withDiscardingTaskGroup { group in
      for await job in streamJobs { group.addTask { await self.work(on: job) } }
      if Task.isCancelled { group.cancelAll() }
    }
  }

  private func work(on job: StreamJob) async {
    do throws(AxonRefusal) {
      try await inPlace(for: job.request) { [host] context async throws(MechanismError) in
        try await host.stream(job.payload, context) { part in try job.stream.append(part) }
      }
      job.stream.finish(.success(()))
    } catch {
      job.stream.finish(.failure(error))
    }
  }
}
