/** In the environment of a worker: the folder of SwiftShader, where the run is on that. */
export const SWIFTSHADER = 'NNC_PEERS_SWIFTSHADER';
