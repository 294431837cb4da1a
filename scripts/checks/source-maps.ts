/* Loaded by mocha before the tests: stack traces then name lines of the .ts files. */
process.setSourceMapsEnabled(true);
