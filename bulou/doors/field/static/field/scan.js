// @ts-check
// Reads a QR code with the camera where the browser can (BarcodeDetector); everywhere else one types.

const EVERY = 200;

/** Whether this browser can read codes with a camera. */
export const canScan = "BarcodeDetector" in globalThis && "mediaDevices" in navigator;

/**
 * Shows the camera in a video element until a code is read or somebody stops it.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} stop
 * @returns {Promise<string | null>} what the code says; null when it was stopped
 * @throws {DOMException} when the camera may not be used
 */
export async function scan(video, stop) {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  const detector = new Detector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  try {
    video.srcObject = stream;
    video.muted = true;
    await video.play();
    while (!stop.aborted) {
      const found = await detector.detect(video).catch(() => []);
      if (found.length > 0) return String(found[0].rawValue);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/**
 * The one-time code in what was scanned or typed: a link of the enrolment sheet, or the bare code.
 * @param {string} text
 */
export function codeIn(text) {
  const linked = /[?&]code=([A-Za-z0-9-]{8,20})/.exec(text);
  return (linked ? linked[1] : text).toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
}
