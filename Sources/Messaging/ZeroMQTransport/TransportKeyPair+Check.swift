import CZeroMQ
import Glibc
import Transport

extension TransportKeyPair {
  /// Refuses halves that do not belong together: with those, every handshake would fail without a word.
  func checkThatHalvesBelongTogether() throws(SocketError) {
    // Text of 40 characters and a zero, as the library wants it.
    var secretText = [CChar](repeating: 0, count: 41)
    var derivedText = secretText
    var publicText = secretText
    defer { secretText.withUnsafeMutableBytes { explicit_bzero($0.baseAddress!, $0.count) } }
    guard zmq_z85_encode(&secretText, secretBytes, secretBytes.count) != nil,
      zmq_z85_encode(&publicText, publicKey.bytes, publicKey.bytes.count) != nil,
      zmq_curve_public(&derivedText, secretText) == 0
    else { throw SocketError(ofCall: "zmq_curve_public") }
    guard derivedText == publicText else {
      throw SocketError(
        call: "zmq_curve_public", code: EINVAL, text: "the public transport key is not that of the secret one")
    }
  }
}
