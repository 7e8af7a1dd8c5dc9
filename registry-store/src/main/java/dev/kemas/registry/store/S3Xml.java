package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The XML of an S3-compatible store, as far as a registry reads and writes it. */
final class S3Xml {
  private S3Xml() {}

  private static Document parse(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new Fault.Unavailable("the S3 store answers what is no XML: " + e.getMessage(), e);
    }
  }

  /** The text of the only element of this name. */
  static String text(String xml, String name) {
    return text(parse(xml).getDocumentElement(), name);
  }

  private static String text(Element element, String name) {
    NodeList found = element.getElementsByTagName(name);
    if (found.getLength() == 0) {
      throw new Fault.Unavailable("the S3 store answers without " + name);
    }
    return found.item(0).getTextContent();
  }

  /** A success in the status may be an error in the text. */
  static void requireNoError(String xml, String name) {
    if (xml.contains("<Error>")) {
      throw new Fault.Unavailable("cannot write " + name + reason(xml));
    }
  }

  /** The code and the message of an error; empty when there are none. */
  static String reason(String xml) {
    if (!xml.contains("<Code>")) {
      return "";
    }
    Element error = parse(xml).getDocumentElement();
    NodeList message = error.getElementsByTagName("Message");
    return " "
        + text(error, "Code")
        + (message.getLength() == 0 ? "" : ": " + message.item(0).getTextContent());
  }

  static List<S3Client.Listed> listed(String xml, String prefix) {
    List<S3Client.Listed> listed = new ArrayList<>();
    NodeList contents = parse(xml).getElementsByTagName("Contents");
    for (int i = 0; i < contents.getLength(); i++) {
      if (contents.item(i) instanceof Element object) {
        listed.add(
            new S3Client.Listed(
                text(object, "Key").substring(prefix.length()),
                Long.parseLong(text(object, "Size")),
                Instant.parse(text(object, "LastModified"))));
      }
    }
    return listed;
  }

  static String completion(List<String> tags) {
    StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
    for (int i = 0; i < tags.size(); i++) {
      xml.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>");
      xml.append(tags.get(i).replace("&", "&amp;").replace("<", "&lt;"));
      xml.append("</ETag></Part>");
    }
    return xml.append("</CompleteMultipartUpload>").toString();
  }
}
