# Writes OUTPUT: a C++ file that holds the .proto files FILES by their paths below FOLDER, for the function FUNCTION that
# HEADER declares.
set(entries "")
foreach(file ${FILES})
  file(RELATIVE_PATH name ${FOLDER} ${file})
  file(READ ${file} text)
  string(APPEND entries "      {\"${name}\", R\"proto(${text})proto\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace perigee {

std::vector<protobuf::EmbeddedProto> ${FUNCTION}() {
  return {
${entries}  };
}

}  // namespace perigee
")
