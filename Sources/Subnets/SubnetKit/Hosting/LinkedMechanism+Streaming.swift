extension LinkedMechanism {
  /// Nil for a mechanism without a memory, so that nothing is saved for it.
  func checkpoint() async throws -> [UInt8]? {
    guard Mechanism.Memory.self != Nothing.self else { return nil }
    return try encoded(await mechanism.checkpoint(), with: .memories, as: "memory")
  }

  func restore(_ bytes: [UInt8]) async throws {
    let memory: Mechanism.Memory
    do throws(MessageError) {
      memory = try MessageCoder.memories.decode(Mechanism.Memory.self, from: bytes)
    } catch {
      throw MechanismError(.failed, "The saved memory is not one of this version: \(error.description)")
    }
    try await mechanism.restore(memory)
  }

  var isStreaming: Bool { Mechanism.self is any StreamingMechanism.Type }

  func stream(_ bytes: [UInt8], _ context: ForwardContext, send: PartSender<[UInt8]>) async throws {
    guard let streaming = mechanism as? any StreamingMechanism else {
      return try await send(forward(bytes, context))
    }
    try await stream(streaming, bytes, context, send: send)
  }

  private func stream<Streaming: StreamingMechanism>(
    _ mechanism: Streaming, _ bytes: [UInt8], _ context: ForwardContext, send: PartSender<[UInt8]>
  ) async throws {
    let request = try decodedRequest(Streaming.Request.self, from: bytes)
    try await withoutActuallyEscaping(send) { send in
      try await mechanism.forward(request, context) { part in
        try await send(encoded(part, with: .responses, as: "part"))
      }
    }
  }

  func join(_ parts: [[UInt8]]) throws -> [UInt8] {
    guard let streaming = mechanism as? any StreamingMechanism else {
      throw MechanismError(.malformedResponse, "\(Mechanism.name) has no parts.")
    }
    return try join(parts, of: streaming)
  }

  /// Each part is read by itself, so that none can pass for two.
  private func join<Streaming: StreamingMechanism>(_ parts: [[UInt8]], of _: Streaming) throws -> [UInt8] {
    var values: [Streaming.Part] = []
    do throws(MessageError) {
      for part in parts { values.append(try MessageCoder.responses.decode(Streaming.Part.self, from: part)) }
      return try MessageCoder.responses.encode(values)
    } catch {
      throw MechanismError(.malformedResponse, error.description)
    }
  }
}
