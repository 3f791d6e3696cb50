<?xml version="1.0" encoding="UTF-8"?>
<!-- A creeerZaak_Lk01 as JSON text, in XSLT 1.0. `hub:moment` is Python: XSLT 1.0 knows no time zones. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" exclude-result-prefixes="ZKN BG StUF hub"
                xmlns:ZKN="http://www.egem.nl/StUF/sector/zkn/0310" xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310"
                xmlns:StUF="http://www.egem.nl/StUF/StUF0301" xmlns:hub="urn:benchmark">
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/">
    <xsl:for-each select="/*/*/ZKN:zakLk01">
      <xsl:text>{"zaak":{</xsl:text>
      <xsl:variable name="fields">
        <xsl:apply-templates select="ZKN:object"/>
        <xsl:call-template name="text">
          <xsl:with-param name="name" select="'organisatie'"/>
          <xsl:with-param name="value" select="ZKN:stuurgegevens/StUF:zender/StUF:organisatie"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:value-of select="substring($fields, 2)"/>
      <xsl:text>}}</xsl:text>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="ZKN:object">
    <xsl:apply-templates mode="field" select="ZKN:identificatie | ZKN:omschrijving | ZKN:toelichting
      | ZKN:startdatum | ZKN:registratiedatum | ZKN:einddatumGepland | ZKN:uiterlijkeEinddatum
      | ZKN:betalingsIndicatie | ZKN:archiefnominatie | ZKN:zaakniveau | ZKN:deelzakenIndicatie"/>
    <xsl:for-each select="ZKN:isVan/ZKN:gerelateerde">
      <xsl:call-template name="text">
        <xsl:with-param name="name" select="'zaaktype'"/><xsl:with-param name="value" select="ZKN:code"/>
      </xsl:call-template>
      <xsl:call-template name="text">
        <xsl:with-param name="name" select="'zaaktypeOmschrijving'"/>
        <xsl:with-param name="value" select="ZKN:omschrijving"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="ZKN:kenmerk">
      <xsl:text>,"kenmerken":[</xsl:text>
      <xsl:for-each select="ZKN:kenmerk">
        <xsl:if test="position() &gt; 1">,</xsl:if>
        <xsl:call-template name="object"><xsl:with-param name="fields">
          <xsl:apply-templates mode="field" select="ZKN:kenmerk | ZKN:bron"/>
        </xsl:with-param></xsl:call-template>
      </xsl:for-each>
      <xsl:text>]</xsl:text>
    </xsl:if>
    <xsl:if test="StUF:extraElementen/StUF:extraElement">
      <xsl:text>,"eigenschappen":[</xsl:text>
      <xsl:for-each select="StUF:extraElementen/StUF:extraElement">
        <xsl:if test="position() &gt; 1">,</xsl:if>
        <xsl:call-template name="object"><xsl:with-param name="fields">
          <xsl:call-template name="text">
            <xsl:with-param name="name" select="'naam'"/><xsl:with-param name="value" select="@naam"/>
          </xsl:call-template>
          <xsl:call-template name="text">
            <xsl:with-param name="name" select="'waarde'"/><xsl:with-param name="value" select="."/>
          </xsl:call-template>
        </xsl:with-param></xsl:call-template>
      </xsl:for-each>
      <xsl:text>]</xsl:text>
    </xsl:if>
    <xsl:variable name="rollen">
      <xsl:apply-templates mode="rol" select="ZKN:heeftAlsInitiator"/>
      <xsl:apply-templates mode="rol" select="ZKN:heeftAlsBelanghebbende"/>
      <xsl:apply-templates mode="rol" select="ZKN:heeftAlsGemachtigde"/>
      <xsl:apply-templates mode="rol" select="ZKN:heeftAlsUitvoerende"/>
      <xsl:apply-templates mode="rol" select="ZKN:heeftAlsVerantwoordelijke"/>
      <xsl:apply-templates mode="rol" select="ZKN:heeftAlsOverigBetrokkene"/>
    </xsl:variable>
    <xsl:if test="$rollen != ''">
      <xsl:value-of select="concat(',&quot;rollen&quot;:[', substring($rollen, 2), ']')"/>
    </xsl:if>
    <xsl:if test="ZKN:heeft">
      <xsl:text>,"statussen":[</xsl:text>
      <xsl:for-each select="ZKN:heeft">
        <xsl:if test="position() &gt; 1">,</xsl:if>
        <xsl:call-template name="object"><xsl:with-param name="fields">
          <xsl:call-template name="mutatie"/>
          <xsl:apply-templates mode="field" select="ZKN:gerelateerde/ZKN:volgnummer
            | ZKN:gerelateerde/ZKN:omschrijving | ZKN:toelichting"/>
          <xsl:call-template name="plain">
            <xsl:with-param name="name" select="'datumStatusGezet'"/>
            <xsl:with-param name="value" select="hub:moment(string(ZKN:datumStatusGezet))"/>
          </xsl:call-template>
        </xsl:with-param></xsl:call-template>
      </xsl:for-each>
      <xsl:text>]</xsl:text>
    </xsl:if>
  </xsl:template>

  <!-- The rollen -->
  <xsl:template mode="rol" match="*">
    <xsl:text>,</xsl:text>
    <xsl:call-template name="object"><xsl:with-param name="fields">
      <xsl:call-template name="plain">
        <xsl:with-param name="name" select="'relatie'"/><xsl:with-param name="value" select="local-name()"/>
      </xsl:call-template>
      <xsl:text>,"omschrijvingGeneriek":</xsl:text>
      <xsl:choose>
        <xsl:when test="self::ZKN:heeftAlsInitiator">"initiator"</xsl:when>
        <xsl:when test="self::ZKN:heeftAlsBelanghebbende">"belanghebbende"</xsl:when>
        <xsl:when test="self::ZKN:heeftAlsGemachtigde">"gemachtigde"</xsl:when>
        <xsl:when test="self::ZKN:heeftAlsUitvoerende">"behandelaar"</xsl:when>
        <xsl:when test="self::ZKN:heeftAlsVerantwoordelijke">"zaakcoordinator"</xsl:when>
        <xsl:otherwise>"overig"</xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="mutatie"/>
      <xsl:apply-templates mode="betrokkene" select="ZKN:gerelateerde/*"/>
      <xsl:apply-templates mode="field" select="ZKN:omschrijving"/>
    </xsl:with-param></xsl:call-template>
  </xsl:template>

  <xsl:template mode="betrokkene" match="ZKN:natuurlijkPersoon">
    <xsl:text>,"betrokkeneType":"natuurlijk_persoon","natuurlijkPersoon":</xsl:text>
    <xsl:call-template name="object"><xsl:with-param name="fields">
      <xsl:apply-templates mode="field" select="BG:*"/>
    </xsl:with-param></xsl:call-template>
  </xsl:template>
  <xsl:template mode="betrokkene" match="ZKN:vestiging">
    <xsl:text>,"betrokkeneType":"vestiging","vestiging":</xsl:text>
    <xsl:call-template name="object"><xsl:with-param name="fields">
      <xsl:apply-templates mode="field" select="BG:vestigingsNummer | BG:handelsnaam"/>
    </xsl:with-param></xsl:call-template>
  </xsl:template>
  <xsl:template mode="betrokkene" match="ZKN:medewerker">
    <xsl:text>,"betrokkeneType":"medewerker","medewerker":</xsl:text>
    <xsl:call-template name="object"><xsl:with-param name="fields">
      <xsl:apply-templates mode="field" select="ZKN:*"/>
    </xsl:with-param></xsl:call-template>
  </xsl:template>
  <xsl:template mode="betrokkene" match="ZKN:organisatorischeEenheid">
    <xsl:text>,"betrokkeneType":"organisatorische_eenheid","organisatorischeEenheid":</xsl:text>
    <xsl:call-template name="object"><xsl:with-param name="fields">
      <xsl:apply-templates mode="field" select="ZKN:identificatie | ZKN:naam"/>
    </xsl:with-param></xsl:call-template>
  </xsl:template>

  <!-- The fields whose value or name changes; the others keep both -->
  <xsl:template mode="field" match="*">
    <xsl:call-template name="text">
      <xsl:with-param name="name" select="local-name()"/><xsl:with-param name="value" select="."/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template mode="field" match="ZKN:startdatum | ZKN:registratiedatum | ZKN:einddatumGepland">
    <xsl:call-template name="plain">
      <xsl:with-param name="name" select="local-name()"/>
      <xsl:with-param name="value"
        select="concat(substring(., 1, 4), '-', substring(., 5, 2), '-', substring(., 7, 2))"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template mode="field" match="ZKN:uiterlijkeEinddatum">
    <xsl:call-template name="plain">
      <xsl:with-param name="name" select="'uiterlijkeEinddatumAfdoening'"/>
      <xsl:with-param name="value"
        select="concat(substring(., 1, 4), '-', substring(., 5, 2), '-', substring(., 7, 2))"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template mode="field" match="ZKN:archiefnominatie">
    <xsl:text>,"archiefnominatie":</xsl:text>
    <xsl:choose>
      <xsl:when test=". = 'J'">"vernietigen"</xsl:when>
      <xsl:otherwise>"blijvend_bewaren"</xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template mode="field" match="ZKN:betalingsIndicatie">
    <xsl:text>,"betalingsindicatie":</xsl:text>
    <xsl:choose>
      <xsl:when test=". = 'N.v.t.'">"nvt"</xsl:when>
      <xsl:when test=". = '(Nog) niet'">"nog_niet"</xsl:when>
      <xsl:when test=". = 'Gedeeltelijk'">"gedeeltelijk"</xsl:when>
      <xsl:otherwise>"geheel"</xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template mode="field" match="ZKN:zaakniveau | ZKN:volgnummer">
    <xsl:value-of select="concat(',&quot;', local-name(), '&quot;:', number(.))"/>
  </xsl:template>
  <xsl:template mode="field" match="ZKN:deelzakenIndicatie">
    <xsl:value-of select="concat(',&quot;deelzakenIndicatie&quot;:', . = 'J')"/>
  </xsl:template>
  <xsl:template mode="field" match="BG:inp.bsn">
    <xsl:call-template name="plain">
      <xsl:with-param name="name" select="'bsn'"/><xsl:with-param name="value" select="."/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template mode="field" match="BG:geslachtsaanduiding">
    <xsl:call-template name="plain">
      <xsl:with-param name="name" select="'geslachtsaanduiding'"/>
      <xsl:with-param name="value" select="translate(., 'MVO', 'mvo')"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template mode="field" match="BG:geboortedatum">
    <xsl:value-of select="concat(',&quot;geboortedatum&quot;:{&quot;jaar&quot;:', number(substring(., 1, 4)),
      ',&quot;maand&quot;:', number(substring(., 5, 2)), ',&quot;dag&quot;:', number(substring(., 7, 2)), '}')"/>
  </xsl:template>
  <xsl:template mode="field" match="BG:handelsnaam">
    <xsl:variable name="field">
      <xsl:call-template name="text">
        <xsl:with-param name="name" select="''"/><xsl:with-param name="value" select="."/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:value-of select="concat(',&quot;handelsnamen&quot;:[', substring($field, 5), ']')"/>
  </xsl:template>
  <xsl:template mode="field" match="BG:verblijfsadres">
    <xsl:text>,"verblijfsadres":</xsl:text>
    <xsl:call-template name="object"><xsl:with-param name="fields">
      <xsl:for-each select="BG:wpl.woonplaatsNaam | BG:gor.openbareRuimteNaam | BG:aoa.postcode">
        <xsl:call-template name="text">
          <xsl:with-param name="name" select="substring-after(local-name(), '.')"/>
          <xsl:with-param name="value" select="."/>
        </xsl:call-template>
      </xsl:for-each>
      <xsl:for-each select="BG:aoa.huisnummer">
        <xsl:value-of select="concat(',&quot;huisnummer&quot;:', number(.))"/>
      </xsl:for-each>
    </xsl:with-param></xsl:call-template>
  </xsl:template>

  <xsl:template name="mutatie">
    <xsl:text>,"mutatie":</xsl:text>
    <xsl:choose>
      <xsl:when test="@StUF:verwerkingssoort = 'T'">"toevoegen"</xsl:when>
      <xsl:when test="@StUF:verwerkingssoort = 'W'">"wijzigen"</xsl:when>
      <xsl:when test="@StUF:verwerkingssoort = 'V'">"verwijderen"</xsl:when>
      <xsl:when test="@StUF:verwerkingssoort = 'E'">"beeindigen"</xsl:when>
      <xsl:when test="@StUF:verwerkingssoort = 'R'">"vervangen"</xsl:when>
      <xsl:otherwise>"identificeren"</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- JSON. Every field begins with a comma; an object takes the first one off. -->
  <xsl:template name="object">
    <xsl:param name="fields"/>
    <xsl:value-of select="concat('{', substring($fields, 2), '}')"/>
  </xsl:template>

  <xsl:template name="plain">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:value-of select="concat(',&quot;', $name, '&quot;:&quot;', $value, '&quot;')"/>
  </xsl:template>

  <xsl:template name="text">
    <xsl:param name="name"/>
    <xsl:param name="value"/>
    <xsl:value-of select="concat(',&quot;', $name, '&quot;:&quot;')"/>
    <xsl:choose>
      <xsl:when test="translate($value, '&quot;\&#10;&#13;&#9;', '') = $value"><xsl:value-of select="$value"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="escaped"><xsl:with-param name="rest" select="string($value)"/></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:text>"</xsl:text>
  </xsl:template>

  <xsl:template name="escaped">
    <xsl:param name="rest"/>
    <xsl:variable name="first" select="substring($rest, 1, 1)"/>
    <xsl:choose>
      <xsl:when test="$first = '&quot;'">\"</xsl:when>
      <xsl:when test="$first = '\'">\\</xsl:when>
      <xsl:when test="$first = '&#10;'">\n</xsl:when>
      <xsl:when test="$first = '&#13;'">\r</xsl:when>
      <xsl:when test="$first = '&#9;'">\t</xsl:when>
      <xsl:otherwise><xsl:value-of select="$first"/></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="string-length($rest) &gt; 1">
      <xsl:call-template name="escaped"><xsl:with-param name="rest" select="substring($rest, 2)"/></xsl:call-template>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
