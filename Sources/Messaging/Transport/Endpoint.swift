import Glibc

/// An IPv4 or IPv6 address; names are never resolved here.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes in network order.
  package let bytes: [UInt8]

  package static let loopback = IPAddress(unchecked: [127, 0, 0, 1])
  package static let anyInterface = IPAddress(unchecked: [0, 0, 0, 0])

  private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// Takes 4 or 16 bytes in network order; nil for any other length.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Parses numeric text such as `10.0.0.7` or `2001:db8::7`; nil for names, zones and anything else.
  package init?(_ text: String) {
    guard text.utf8.count < Int(INET6_ADDRSTRLEN), !text.utf8.contains(0) else { return nil }
    let isVersion6 = text.utf8.contains(UInt8(ascii: ":"))
    var parsed = [UInt8](repeating: 0, count: isVersion6 ? 16 : 4)
    guard inet_pton(isVersion6 ? AF_INET6 : AF_INET, text, &parsed) == 1 else { return nil }
    bytes = parsed
  }

  package var isVersion6: Bool { bytes.count == 16 }

  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    _ = inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Where a node listens: a numeric TCP address, or a name inside one process.
package enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// `tcp://1.2.3.4:5` or `tcp://[::1]:5`; port 0 asks for a free one when binding.
  case tcp(IPAddress, port: UInt16)
  /// `loop://name`, known to `LoopbackNetwork` alone.
  case loop(String)

  /// Bytes of the longest name after `loop://`.
  package static let nameByteLimit = 64

  /// Any free port of 127.0.0.1.
  package static let anyLoopbackPort = Endpoint.tcp(.loopback, port: 0)

  /// Parses the text form; nil for host names, other schemes, and names outside `[a-z0-9_./-]`.
  package init?(_ text: String) {
    if let rest = text.dropping(prefix: "tcp://") {
      guard let colon = rest.lastIndex(of: ":"),
        let port = UInt16(digits: rest[rest.index(after: colon)...])
      else { return nil }
      var host = rest[..<colon]
      let isBracketed = host.first == "[" && host.last == "]"
      if isBracketed { host = host.dropFirst().dropLast() }
      guard let address = IPAddress(String(host)), address.isVersion6 == isBracketed else { return nil }
      self = .tcp(address, port: port)
    } else if let name = text.dropping(prefix: "loop://") {
      guard (1...Endpoint.nameByteLimit).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte) else { return nil }
      self = .loop(String(name))
    } else {
      return nil
    }
  }

  /// The TCP port, or nil for a name.
  package var port: UInt16? {
    if case .tcp(_, let port) = self { port } else { nil }
  }

  package var description: String {
    switch self {
    case .tcp(let address, let port): address.isVersion6 ? "tcp://[\(address)]:\(port)" : "tcp://\(address):\(port)"
    case .loop(let name): "loop://\(name)"
    }
  }
}

/// Whom to dial: where a peer listens, and the key that proves it is that peer.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
  package var endpoint: Endpoint
  package var serverKey: TransportKey

  package init(endpoint: Endpoint, serverKey: TransportKey) {
    self.endpoint = endpoint
    self.serverKey = serverKey
  }

  package var description: String { "\(endpoint)#\(serverKey)" }
}

extension String {
  fileprivate func dropping(prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}

extension UInt16 {
  /// One to five decimal digits, without a sign.
  fileprivate init?(digits: Substring) {
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    self.init(digits)
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
  case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"): true
  default: false
  }
}
