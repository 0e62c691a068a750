import Glibc
import Transport
import ZeroMQTransport

/// One request between two nodes that are closed afterwards, and one refused.
func roundTripOfTwoNodes() async throws {
  try await withWorld(.zeroMQ) { world in
    let (server, client) = (try await world.node(), try await world.node())
    let open = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.any))
    let shut = try await server.bindReceiver(at: .anyLoopbackPort, admission: TransportAdmission(.only([])))
    try await serving(open, echo) {
      _ = try await client.send(MessageFrames("hello"), to: open.address, deadline: patience)
      do {
        _ = try await client.send(MessageFrames("hello"), to: shut.address, deadline: patience)
        preconditionFailure("a key that is not admitted got in")
      } catch TransportError.handshakeRefused {}
    }
  }
}

func entryCount(of folder: String) -> Int {
  guard let open = opendir(folder) else { return -1 }
  defer { closedir(open) }
  var count = 0
  while readdir(open) != nil { count += 1 }
  return count
}
